import { implicitly } from './convert';
import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { Scalar, Value } from './scalar';

/** `subject in (list)`; the list holds the values of literals. */
export interface Membership {
  readonly at: Position;
  readonly operator: string;
  readonly subject: Scalar;
  readonly list: readonly Scalar[];
}

/** Null is in no list. One look-up per row, however long the list. @throws KustoError on mixed types. */
export function compileMembership(membership: Membership): Scalar {
  const { operator, list } = membership;
  const subject = asListType(membership);
  const ignoresCase = operator.endsWith('~');
  const normalize = (value: Value) =>
    ignoresCase && typeof value === 'string' ? value.toLowerCase() : value;
  const members = new Set(
    list.map((item) => normalize(item.evaluate({ row: {}, now: undefined }))),
  );
  const wanted = !operator.startsWith('!');
  return {
    type: 'bool',
    evaluate: (evaluation) => members.has(normalize(subject.evaluate(evaluation))) === wanted,
  };
}

function asListType({ at, operator, subject, list }: Membership): Scalar {
  const type = list[0]?.type ?? 'string';
  const converted = implicitly(subject, type);
  const needsText = operator.endsWith('~') && type !== 'string';
  if (converted !== undefined && !needsText && list.every((item) => item.type === type)) {
    return converted;
  }
  const types = [...new Set(list.map((item) => item.type))].join(' and ');
  throw new KustoError(
    'TypeMismatch',
    at,
    `'${operator}' cannot look for ${subject.type} among ${types}. Use one type on both sides.`,
  );
}
