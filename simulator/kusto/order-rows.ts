import type { Evaluation, Scalar, Value } from './scalar';

export interface CompiledKey {
  readonly scalar: Scalar;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

/** Sorts stably. Every key is evaluated once per row; texts compare by code unit, so upper case comes first. */
export function orderRows(rows: Iterable<Evaluation>, keys: readonly CompiledKey[]): Evaluation[] {
  const decorated = Array.from(rows, (row) => ({
    row,
    values: keys.map(({ scalar }) => scalar.evaluate(row)),
  }));
  const comparers = keys.map(comparer);
  decorated.sort((left, right) => {
    for (const [index, compare] of comparers.entries()) {
      const order = compare(left.values[index] ?? null, right.values[index] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  });
  return decorated.map(({ row }) => row);
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
