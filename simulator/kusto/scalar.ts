import type { Json } from '../json';

/** All number types of Kusto are one here; what division needs to know is in `Scalar.real`. */
export type ScalarType = 'string' | 'bool' | 'number' | 'datetime' | 'timespan' | 'dynamic';

/**
 * A value while a query runs. Datetime and timespan are counts of 100 ns (`datetime.ts`), null is the
 * missing value of every type but string, where it is the empty text.
 */
export type Value = Json | bigint;

/** A row as it comes from the table: JSON, missing columns are null. */
export type Row = Readonly<Record<string, unknown>>;

/** What an expression sees of the world: the table's row, and the time if the caller gave one. */
export interface Evaluation {
  readonly row: Row;
  /** Epoch milliseconds. */
  readonly now: number | undefined;
}

/** A compiled expression: its type is known before any row is seen, as in Kusto. */
export interface Scalar {
  readonly type: ScalarType;
  /** A number that is no whole one: division keeps its fraction. */
  readonly real?: boolean;
  readonly evaluate: (evaluation: Evaluation) => Value;
}
