import type { Json } from '../json';
import { KustoError } from './kusto-error';
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

function memberOf(value: Value, key: string | number): Json {
  if (typeof value !== 'object' || value === null) return null;
  if (isArray(value)) return typeof key === 'number' ? (value.at(key) ?? null) : null;
  return Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
