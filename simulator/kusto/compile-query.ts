import type { Json } from '../json';
import { compileCondition, compileExpression } from './compile-expression';
import type { Columns } from './compile-expression';
import { toJson } from './convert';
import { KustoError } from './kusto-error';
import { orderRows } from './order-rows';
import type { CompiledKey } from './order-rows';
import { parseQuery } from './parse-query';
import type { Evaluation, Row, Scalar } from './scalar';
import type { NamedExpression, OrderKey, Stage } from './syntax';
import { tableColumns } from './tables';

export interface CompiledQuery {
  /** The table to take the rows from, in lower case. */
  readonly table: string;
  /** The columns of the answer. Resource Graph pages only answers that have `id`. */
  readonly columns: readonly string[];
  /**
   * All rows of the answer. They share their dynamic values with the rows that went in.
   * `now` (epoch milliseconds) is the time of `now()` and `ago()`; without it they throw.
   */
  run(rows: Iterable<Row>, now?: number): AnswerRow[];
  /** A part of the answer and the size of the whole: columns are evaluated for that part only. */
  page(rows: Iterable<Row>, page: Page): AnswerPage;
}

export type AnswerRow = Readonly<Record<string, Json>>;

export interface Page {
  readonly skip: number;
  readonly top: number;
  /** Epoch milliseconds. */
  readonly now?: number | undefined;
}

export interface AnswerPage {
  readonly total: number;
  readonly rows: AnswerRow[];
}

/** Columns are functions of the table's row: stages filter, order and count rows, none copies them. */
interface Plan {
  readonly columns: Columns;
  readonly steps: readonly Step[];
}

type Step = (rows: Iterable<Evaluation>) => Iterable<Evaluation>;

/**
 * Compiles the part of Kusto that fleet queries are written in: `where`, `extend`, `project`, `order by`,
 * `take`.
 * @throws KustoError for everything else; what compiles is answered as Kusto answers it.
 */
export function compileQuery(text: string): CompiledQuery {
  const query = parseQuery(text);
  let plan: Plan = { columns: tableColumns(query), steps: [] };
  for (const stage of query.stages) plan = addStage(plan, stage);

  const { columns, steps } = plan;
  const select = (rows: Iterable<Row>, now: number | undefined): readonly Evaluation[] => [
    ...steps.reduce((input, step) => step(input), evaluations(rows, now)),
  ];
  const answer = (evaluation: Evaluation) => answerRow(columns, evaluation);
  return {
    table: query.table.toLowerCase(),
    columns: [...columns.keys()],
    run: (rows, now) => select(rows, now).map(answer),
    page: (rows, { skip, top, now }) => {
      const selected = select(rows, now);
      return { total: selected.length, rows: selected.slice(skip, skip + top).map(answer) };
    },
  };
}

function* evaluations(rows: Iterable<Row>, now: number | undefined): Iterable<Evaluation> {
  for (const row of rows) yield { row, now };
}

function answerRow(columns: Columns, evaluation: Evaluation): AnswerRow {
  return Object.fromEntries(
    Array.from(columns, ([name, { type, evaluate }]) => [name, toJson(evaluate(evaluation), type)]),
  );
}

function addStage({ columns, steps }: Plan, stage: Stage): Plan {
  switch (stage.kind) {
    case 'where':
      return { columns, steps: [...steps, keepIf(compileCondition(stage.predicate, columns))] };
    case 'extend':
      return { columns: new Map([...columns, ...compileColumns(stage.columns, columns)]), steps };
    case 'project':
      return { columns: compileColumns(stage.columns, columns), steps };
    case 'order': {
      const keys = stage.keys.map((key) => compileKey(key, columns));
      return { columns, steps: [...steps, (rows) => orderRows(rows, keys)] };
    }
    case 'take':
      return { columns, steps: [...steps, (rows) => firstRows(rows, stage.count)] };
  }
}

function keepIf(condition: Scalar): Step {
  return function* (rows) {
    for (const row of rows) if (condition.evaluate(row) === true) yield row;
  };
}

function* firstRows(rows: Iterable<Evaluation>, count: number): Iterable<Evaluation> {
  let left = count;
  if (left === 0) return;
  for (const row of rows) {
    yield row;
    left -= 1;
    if (left === 0) return;
  }
}

function compileColumns(named: readonly NamedExpression[], columns: Columns): Columns {
  const compiled = new Map<string, Scalar>();
  for (const { name, at, value } of named) {
    if (compiled.has(name)) {
      throw new KustoError('UnresolvedColumn', at, `There are two columns '${name}'. Rename one.`);
    }
    compiled.set(name, rememberLast(compileExpression(value, columns)));
  }
  return compiled;
}

/** A column that later stages name more than once is evaluated once per row. */
function rememberLast({ type, evaluate }: Scalar): Scalar {
  let last: { readonly of: Evaluation; readonly value: ReturnType<typeof evaluate> } | undefined;
  return {
    type,
    evaluate: (evaluation) => {
      if (last?.of !== evaluation) last = { of: evaluation, value: evaluate(evaluation) };
      return last.value;
    },
  };
}

function compileKey({ value, direction, nulls }: OrderKey, columns: Columns): CompiledKey {
  const scalar = compileExpression(value, columns);
  if (scalar.type !== 'dynamic') return { scalar, direction, nulls };
  throw new KustoError(
    'TypeMismatch',
    value.at,
    'Rows cannot be ordered by a dynamic value. Cast it, for example with tostring().',
  );
}
