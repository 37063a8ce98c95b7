import type { Json } from '../json';
import { compileStage } from './compile-stage';
import type { Columns } from './compile-expression';
import { toJson } from './convert';
import { longestList, refuseTooMany } from './limits';
import { orderRows } from './order-rows';
import { parseQuery } from './parse-query';
import { runPlan } from './plan';
import type { Plan, TableSource } from './plan';
import type { Evaluation, Row, Scalar } from './scalar';
import type { Query } from './syntax';
import { tableColumns } from './tables';
import { wantedTypes } from './wanted-types';

export interface CompiledQuery {
  /** The table that the query begins with, in lower case. */
  readonly table: string;
  /** The columns of the answer. Resource Graph pages only answers that have `id`. */
  readonly columns: readonly string[];
  readonly types: ReadonlyMap<string, Scalar['type']>;
  /** Whether the query says in which order its rows come. */
  readonly ordered: boolean;
  /** Whether it takes a part of its rows by itself: Resource Graph then ignores `$skip`. */
  readonly limited: boolean;
  /** How many items the longest list after `in` has. */
  readonly longestList: number;
  /**
   * All rows of the answer. They share their dynamic values with the rows that went in.
   * `now` (epoch milliseconds) is the time of `now()` and `ago()`; without it they throw.
   */
  run(rows: Iterable<Row> | TableSource, now?: number): AnswerRow[];
  /** A part of the answer and the size of the whole: columns are evaluated for that part only. */
  page(rows: Iterable<Row> | TableSource, page: Page): AnswerPage;
  /** The rows of the answer before their columns are evaluated: `rows` of it gives any part. */
  select(rows: Iterable<Row> | TableSource, now?: number): Selection;
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

export interface Selection {
  readonly total: number;
  rows(skip: number, top: number): AnswerRow[];
  /** The same rows, ascending by a column. */
  orderedBy(column: string): Selection;
}

/**
 * Compiles the part of Kusto that queries on fleets are written in; `parse-stage.ts` and `functions.ts` list it.
 * @throws KustoError for everything else; what compiles is answered as Kusto answers it.
 */
export function compileQuery(text: string): CompiledQuery {
  const query = parseQuery(text);
  refuseTooMany(query);
  const plan = compilePlan(query);
  const { columns, table } = plan;
  const select = (rows: Iterable<Row> | TableSource, now?: number): Selection => {
    const source = typeof rows === 'function' ? rows : () => rows;
    return selection([...runPlan(plan, { source, now })], columns);
  };
  return {
    table,
    columns: [...columns.keys()],
    types: new Map(Array.from(columns, ([name, { type }]) => [name, type])),
    ordered: query.stages.some(({ kind }) => kind === 'order' || kind === 'top'),
    limited: query.stages.some(({ kind }) => kind === 'take' || kind === 'top'),
    longestList: longestList(query),
    select,
    run: (rows, now) => select(rows, now).rows(0, Infinity),
    page: (rows, { skip, top, now }) => {
      const selection = select(rows, now);
      return { total: selection.total, rows: selection.rows(skip, top) };
    },
  };
}

function selection(selected: readonly Evaluation[], columns: Columns): Selection {
  return {
    total: selected.length,
    rows: (skip, top) =>
      selected.slice(skip, skip + top).map((evaluation) => answerRow(columns, evaluation)),
    orderedBy: (column) => {
      const scalar = columns.get(column);
      if (scalar === undefined || scalar.type === 'dynamic') return selection(selected, columns);
      const key = { scalar, direction: 'asc', nulls: 'first' } as const;
      return selection(orderRows(selected, [key]), columns);
    },
  };
}

function compilePlan(query: Query): Plan {
  const start: Plan = {
    table: query.table.toLowerCase(),
    types: wantedTypes(query),
    columns: tableColumns(query),
    steps: [],
  };
  return query.stages.reduce((plan, stage) => compileStage(stage, plan, compilePlan), start);
}

function answerRow(columns: Columns, evaluation: Evaluation): AnswerRow {
  return Object.fromEntries(
    Array.from(columns, ([name, { type, evaluate }]) => [name, toJson(evaluate(evaluation), type)]),
  );
}
