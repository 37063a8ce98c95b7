import type { Evaluation, Scalar, Value } from './scalar';

export interface CompiledKey {
  readonly scalar: Scalar;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

/**
 * Sorts stably, which makes several keys one sort after the other, the first key last. Every key is evaluated once
 * per row. Texts compare by code unit: upper case comes first.
 */
export function orderRows(rows: Iterable<Evaluation>, keys: readonly CompiledKey[]): Evaluation[] {
  return keys.reduceRight(orderBy, [...rows]);
}

function orderBy(rows: readonly Evaluation[], key: CompiledKey): Evaluation[] {
  const compare = comparer(key);
  return rows
    .map((row) => ({ row, value: key.scalar.evaluate(row) }))
    .sort((left, right) => compare(left.value, right.value))
    .map(({ row }) => row);
}

function comparer({ direction, nulls }: CompiledKey): (left: Value, right: Value) => number {
  const sign = direction === 'asc' ? 1 : -1;
  const nullSign = nulls === 'first' ? -1 : 1;
  return (left, right) => {
    if (left === right) return 0;
    if (left === null) return nullSign;
    if (right === null) return -nullSign;
    return left < right ? -sign : sign;
  };
}
