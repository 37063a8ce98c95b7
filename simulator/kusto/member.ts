import type { Json } from '../json';
import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { Scalar, Value } from './scalar';
import type { Expression } from './syntax';

type Member = Extract<Expression, { kind: 'member' }>;

/** `source.key`, `source['key']`, `source[0]`: names are case-sensitive, what is missing is null. */
export function compileMember({ at, key }: Member, source: Scalar): Scalar {
  if (source.type !== 'dynamic') {
    throw new KustoError(
      'TypeMismatch',
      at,
      `A ${source.type} has no members. Take them from a dynamic value.`,
    );
  }
  return { type: 'dynamic', evaluate: (evaluation) => memberOf(source.evaluate(evaluation), key) };
}

/** `source[key]` with a key that is computed for each row. */
export function compileIndex(at: Position, source: Scalar, key: Scalar): Scalar {
  if (source.type !== 'dynamic' || !(key.type === 'string' || key.type === 'number')) {
    throw new KustoError(
      'TypeMismatch',
      at,
      'Members are taken from a dynamic value, by a text or a number. Cast the key with tostring().',
    );
  }
  return {
    type: 'dynamic',
    evaluate: (evaluation) => {
      const name = key.evaluate(evaluation);
      const known = typeof name === 'string' || typeof name === 'number';
      return known ? memberOf(source.evaluate(evaluation), name) : null;
    },
  };
}

function memberOf(value: Value, key: string | number): Json {
  if (typeof value !== 'object' || value === null) return null;
  if (isArray(value)) return typeof key === 'number' ? (value.at(key) ?? null) : null;
  return Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
