import { toJson } from './convert';
import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import type { Evaluation, Scalar, Value } from './scalar';

/** Takes the rows of one group and tells the value of the group. */
export interface Accumulator {
  add(evaluation: Evaluation): void;
  result(): Value;
}

/** A compiled aggregate: one value for each group. */
export interface Aggregate extends Pick<Scalar, 'type' | 'real'> {
  start(): Accumulator;
}

export interface AggregateCall {
  readonly at: Position;
  readonly name: string;
  readonly parameters: readonly Scalar[];
}

interface Definition {
  /** The beginning of the column's name where the query gives none. */
  readonly prefix: string;
  readonly compile: (call: AggregateCall) => Aggregate;
}

type Fold = (values: readonly Value[], source: Scalar) => Value;

/** All of them leave out null, as Kusto does. */
const folds: Readonly<Record<string, { prefix: string; type?: Scalar['type']; fold: Fold }>> = {
  sum: { prefix: 'sum_', type: 'number', fold: sum },
  avg: { prefix: 'avg_', type: 'number', fold: average },
  min: { prefix: 'min_', fold: (values) => extreme(values, -1) },
  max: { prefix: 'max_', fold: (values) => extreme(values, 1) },
  dcount: { prefix: 'dcount_', type: 'number', fold: (values) => new Set(values.map(text)).size },
  any: { prefix: 'any_', fold: ([first = null]) => first },
  take_any: { prefix: '', fold: ([first = null]) => first },
  make_list: { prefix: 'list_', type: 'dynamic', fold: list },
  makelist: { prefix: 'list_', type: 'dynamic', fold: list },
  make_set: { prefix: 'set_', type: 'dynamic', fold: set },
  makeset: { prefix: 'set_', type: 'dynamic', fold: set },
};

export const aggregates: ReadonlyMap<string, Definition> = new Map<string, Definition>([
  ['count', { prefix: 'count_', compile: (call) => counting(call, 0) }],
  ['countif', { prefix: 'countif_', compile: (call) => counting(call, 1) }],
  ...Object.entries(folds).flatMap(([name, { prefix, type, fold }]): [string, Definition][] => {
    const compile = (call: AggregateCall): Aggregate => folding(call, type, fold);
    return [
      [name, { prefix, compile }],
      [name.startsWith('make_') ? `${name}_if` : `${name}if`, { prefix, compile }],
    ];
  }),
]);

function counting(call: AggregateCall, parameters: number): Aggregate {
  refuseCount(call, parameters);
  const [condition] = call.parameters;
  return {
    type: 'number',
    start: () => {
      let count = 0;
      return {
        add: (evaluation) => {
          if (condition === undefined || condition.evaluate(evaluation) === true) count += 1;
        },
        result: () => count,
      };
    },
  };
}

function folding(call: AggregateCall, type: Scalar['type'] | undefined, fold: Fold): Aggregate {
  const conditional = /(?:^|[a-z])_?if$/.test(call.name);
  refuseCount(call, conditional ? 2 : 1);
  const [source, condition] = call.parameters;
  if (source === undefined) throw new Error(`${call.name}() has no argument.`);
  return {
    type: type ?? source.type,
    real: source.real === true || call.name.startsWith('avg'),
    start: () => {
      const values: Value[] = [];
      return {
        add: (evaluation) => {
          if (condition !== undefined && condition.evaluate(evaluation) !== true) return;
          const value = source.evaluate(evaluation);
          if (value !== null) values.push(value);
        },
        result: () => fold(values, source),
      };
    },
  };
}

function refuseCount({ at, name, parameters }: AggregateCall, wanted: number): void {
  if (parameters.length === wanted) return;
  throw new KustoError(
    'TypeMismatch',
    at,
    `${name}() takes ${wanted} arguments, not ${parameters.length}. Add or remove some.`,
  );
}

function sum(values: readonly Value[]): Value {
  return values.reduce<number>((total, value) => total + numberIn(value), 0);
}

function average(values: readonly Value[]): Value {
  return values.length === 0 ? null : Number(sum(values)) / values.length;
}

function numberIn(value: Value): number {
  return typeof value === 'number' ? value : 0;
}

function extreme(values: readonly Value[], sign: number): Value {
  return values.reduce<Value>((best, value) => {
    if (best === null) return value;
    return comparable(value) && comparable(best) && (value > best ? 1 : -1) === sign ? value : best;
  }, null);
}

function comparable(value: Value): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function list(values: readonly Value[], { type }: Scalar): Value {
  return values.map((value) => toJson(value, type));
}

function set(values: readonly Value[], { type }: Scalar): Value {
  const distinct = new Map(values.map((value) => [text(value), toJson(value, type)]));
  return [...distinct.values()];
}

function text(value: Value): string {
  return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value);
}
