import type { Columns } from './compile-expression';
import type { Evaluation, Row, Scalar, Value } from './scalar';

/** The rows of a table, by its lower-cased name; with types at least the rows of these. */
export type TableSource = (table: string, types?: readonly string[]) => Iterable<Row>;

/** What a running query sees of the world. */
export interface RunContext {
  readonly source: TableSource;
  /** Epoch milliseconds. */
  readonly now: number | undefined;
}

/**
 * Columns are functions of a row. Stages that filter, order and count pass the table's rows on; stages that make new
 * rows store values in them, and columns that read those.
 */
export interface Plan {
  /** In lower case. */
  readonly table: string;
  /** The only types of resources that the first conditions let through. */
  readonly types: readonly string[] | undefined;
  readonly columns: Columns;
  readonly steps: readonly Step[];
}

export type Step = (rows: Iterable<Evaluation>, context: RunContext) => Iterable<Evaluation>;

export function runPlan({ table, types, steps }: Plan, context: RunContext): Iterable<Evaluation> {
  return steps.reduce(
    (rows, step) => step(rows, context),
    evaluations(context.source(table, types), context),
  );
}

function* evaluations(rows: Iterable<Row>, { now }: RunContext): Iterable<Evaluation> {
  for (const row of rows) yield { row, now };
}

/** A row that holds the values of columns. */
export function storedRow(columns: Columns, evaluation: Evaluation): Row {
  return Object.fromEntries(
    Array.from(columns, ([name, { evaluate }]) => [name, evaluate(evaluation)]),
  );
}

/** The columns that read what `storedRow` stored. */
export function storedColumns(columns: Columns): Columns {
  return new Map(Array.from(columns, ([name, scalar]) => [name, storedColumn(name, scalar)]));
}

/** A value that a row does not have is the empty text or null. */
export function storedColumn(
  name: string,
  { type, real = false }: Pick<Scalar, 'type' | 'real'>,
): Scalar {
  const missing = type === 'string' ? '' : null;
  return {
    type,
    real,
    evaluate: ({ row }) => (Object.hasOwn(row, name) ? (row[name] as Value) : missing),
  };
}

/** Equal for equal lists of values, of every type. */
export function keyOf(values: readonly Value[]): string {
  return values
    .map((value) => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)))
    .join('\n');
}
