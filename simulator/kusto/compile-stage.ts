import { compileColumns, compileGroups, compileKey } from './compile-columns';
import { compileExpand } from './compile-expand';
import { compileCondition } from './compile-expression';
import type { Columns } from './compile-expression';
import { compileJoin } from './compile-join';
import { compileParse } from './compile-parse';
import { compileSummarize } from './compile-summarize';
import { compileUnion } from './compile-union';
import { keepColumns, renameColumns } from './column-lists';
import { orderRows } from './order-rows';
import { keyOf, storedColumns, storedRow } from './plan';
import type { Plan, Step } from './plan';
import type { Evaluation, Scalar } from './scalar';
import type { Query, Stage } from './syntax';

type CompilePlan = (query: Query) => Plan;
type StageOf<K extends Stage['kind']> = Stage & { readonly kind: K };
type Compilers = {
  readonly [K in Stage['kind']]: (stage: StageOf<K>, plan: Plan, compilePlan: CompilePlan) => Plan;
};

const compilers: Compilers = {
  where: ({ predicate }, plan) => adding(plan, keepIf(compileCondition(predicate, plan.columns))),
  extend: ({ columns }, plan) => ({
    ...plan,
    columns: new Map([...plan.columns, ...compileColumns(columns, plan.columns)]),
  }),
  project: ({ columns }, plan) => ({ ...plan, columns: compileColumns(columns, plan.columns) }),
  'project-rename': ({ columns }, plan) => ({
    ...plan,
    columns: renameColumns(columns, plan.columns),
  }),
  'project-away': (stage, plan) => ({ ...plan, columns: keepColumns(stage, plan.columns) }),
  'project-keep': (stage, plan) => ({ ...plan, columns: keepColumns(stage, plan.columns) }),
  distinct: ({ columns }, plan) => distinct(plan, compileGroups(columns, plan.columns)),
  'distinct-all': ({ at }, plan) => {
    const all = Array.from(plan.columns.keys(), (name) => ({
      ...{ name, at },
      value: { kind: 'column', at, name } as const,
    }));
    return distinct(plan, compileGroups(all, plan.columns));
  },
  count: (_stage, plan) => count(plan),
  order: ({ keys }, plan) => {
    const compiled = keys.map((key) => compileKey(key, plan.columns));
    return adding(plan, (rows) => orderRows(rows, compiled));
  },
  take: (stage, plan) => adding(plan, (rows) => firstRows(rows, stage.count)),
  top: (stage, plan) => {
    const key = compileKey(stage.key, plan.columns);
    return adding(plan, (rows) => orderRows(rows, [key]).slice(0, stage.count));
  },
  summarize: compileSummarize,
  'mv-expand': compileExpand,
  join: (stage, plan, compilePlan) => compileJoin(stage, plan, compilePlan(stage.right)),
  union: (stage, plan, compilePlan) => compileUnion(stage, plan, stage.others.map(compilePlan)),
  parse: compileParse,
};

/** The plan with one more stage. @throws KustoError where the stage does not fit the columns before it. */
export function compileStage(stage: Stage, plan: Plan, compilePlan: CompilePlan): Plan {
  // The table has the right function for each kind; TypeScript cannot relate the two by itself.
  const compile = compilers[stage.kind] as (one: Stage, all: Plan, plans: CompilePlan) => Plan;
  return compile(stage, plan, compilePlan);
}

function adding(plan: Plan, step: Step): Plan {
  return { ...plan, steps: [...plan.steps, step] };
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

function count(plan: Plan): Plan {
  const columns = new Map([['Count', { type: 'number', evaluate: () => null } as const]]);
  const step: Step = function* (rows, { now }) {
    const { length } = [...rows];
    yield { row: { Count: length }, now };
  };
  return { ...adding(plan, step), columns: storedColumns(columns) };
}

/** The first row of each combination of values. */
function distinct(plan: Plan, columns: Columns): Plan {
  const step: Step = function* (rows, { now }) {
    const seen = new Set<string>();
    for (const found of rows) {
      const key = keyOf(Array.from(columns.values(), ({ evaluate }) => evaluate(found)));
      if (seen.has(key)) continue;
      seen.add(key);
      yield { row: storedRow(columns, found), now };
    }
  };
  return { ...adding(plan, step), columns: storedColumns(columns) };
}
