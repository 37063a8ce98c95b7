import { KustoError } from './kusto-error';
import { runPlan, storedColumn, storedRow } from './plan';
import type { Plan, Step } from './plan';
import type { Evaluation, Scalar } from './scalar';
import type { UnionStage } from './syntax';

/** `union`: all columns of all tables, or with `kind=inner` those that all have. */
export function compileUnion(stage: UnionStage, plan: Plan, others: readonly Plan[]): Plan {
  const columns = new Map<string, Scalar>();
  for (const { columns: own } of [plan, ...others]) {
    for (const [name, scalar] of own) {
      const known = columns.get(name);
      if (known !== undefined && known.type !== scalar.type) throw mixed(stage, name);
      columns.set(name, storedColumn(name, scalar));
    }
  }
  const everywhere = [...columns].filter(([name]) =>
    [plan, ...others].every((one) => one.columns.has(name)),
  );
  const kept = stage.inner ? new Map(everywhere) : columns;
  const { sourceName } = stage;
  if (sourceName !== undefined) kept.set(sourceName, storedColumn(sourceName, { type: 'string' }));
  const step: Step = function* (rows, context) {
    yield* stored(rows, plan, sourceName);
    for (const other of others) yield* stored(runPlan(other, context), other, sourceName);
  };
  return { ...plan, columns: kept, steps: [...plan.steps, step] };
}

function* stored(
  rows: Iterable<Evaluation>,
  { columns, table }: Plan,
  sourceName: string | undefined,
): Iterable<Evaluation> {
  for (const found of rows) {
    const row = storedRow(columns, found);
    const named = sourceName === undefined ? row : { ...row, [sourceName]: table };
    yield { row: named, now: found.now };
  }
}

function mixed({ at }: UnionStage, name: string): KustoError {
  return new KustoError(
    'TypeMismatch',
    at,
    `The column '${name}' has another type in each table of the union. Cast it on one side.`,
  );
}
