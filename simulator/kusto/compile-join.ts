import type { Columns } from './compile-expression';
import { KustoError } from './kusto-error';
import { bounded } from './limits';
import { keyOf, runPlan, storedColumn, storedColumns, storedRow } from './plan';
import type { Plan, Step } from './plan';
import type { Evaluation, Row, Scalar } from './scalar';
import type { JoinFlavor, JoinStage } from './syntax';

interface Side {
  readonly columns: Columns;
  readonly keys: readonly Scalar[];
  /** Names in the answer by names of this side. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * `join`: the columns of both sides; those of the right that have a name of the left get a `1`.
 * Rows of the left come in their order, `fullouter` adds the right ones that matched nothing.
 */
export function compileJoin(stage: JoinStage, plan: Plan, right: Plan): Plan {
  const leftSide = sideOf(plan.columns, stage, 'left');
  const taken = new Set(plan.columns.keys());
  const rightSide = {
    ...sideOf(right.columns, stage, 'right'),
    names: apart(right.columns, taken),
  };
  checkTypes(stage, leftSide, rightSide);

  const step: Step = function* (rows, context) {
    const others = grouped(runPlan(right, context), rightSide);
    const matched = new Set<string>();
    for (const row of joined(left(rows, stage.flavor, leftSide), { others, matched, stage })) {
      yield { row, now: context.now };
    }
    if (stage.flavor !== 'fullouter') return;
    for (const [key, found] of others) {
      if (matched.has(key)) continue;
      for (const row of found) yield { row, now: context.now };
    }
  };
  const added = Array.from(right.columns, ([name, scalar]): [string, Scalar] => {
    const own = rightSide.names.get(name) ?? name;
    return [own, storedColumn(own, scalar)];
  });
  return {
    ...plan,
    columns: new Map([...storedColumns(plan.columns), ...added]),
    steps: [...plan.steps, (rows, context) => bounded(step(rows, context), stage)],
  };
}

interface Keyed {
  readonly key: string;
  readonly row: Row;
}

function* joined(
  rows: Iterable<Keyed>,
  {
    others,
    matched,
    stage,
  }: {
    readonly others: ReadonlyMap<string, readonly Row[]>;
    readonly matched: Set<string>;
    readonly stage: JoinStage;
  },
): Iterable<Row> {
  const outer = stage.flavor === 'leftouter' || stage.flavor === 'fullouter';
  for (const { key, row } of rows) {
    const found = others.get(key);
    if (found === undefined) {
      if (outer) yield row;
      continue;
    }
    matched.add(key);
    for (const other of found)
      yield Object.fromEntries([...Object.entries(row), ...Object.entries(other)]);
  }
}

/** `innerunique`, the default, takes one row of the left for each key. */
function* left(rows: Iterable<Evaluation>, flavor: JoinFlavor, side: Side): Iterable<Keyed> {
  const seen = new Set<string>();
  for (const found of rows) {
    const key = keyIn(side, found);
    if (flavor === 'innerunique' && seen.has(key)) continue;
    seen.add(key);
    yield { key, row: storedRow(side.columns, found) };
  }
}

function grouped(rows: Iterable<Evaluation>, side: Side): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const found of rows) {
    const key = keyIn(side, found);
    const stored = Object.entries(storedRow(side.columns, found));
    const row = Object.fromEntries(
      stored.map(([name, value]) => [side.names.get(name) ?? name, value]),
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function keyIn({ keys }: Side, found: Evaluation): string {
  return keyOf(keys.map(({ evaluate }) => evaluate(found)));
}

function sideOf(columns: Columns, { on }: JoinStage, side: 'left' | 'right'): Side {
  const keys = on.map(({ at, [side]: name }) => {
    const scalar = columns.get(name);
    if (scalar === undefined) {
      throw new KustoError(
        'UnresolvedColumn',
        at,
        `There is no column '${name}' on the ${side} side of the join. Project it there.`,
      );
    }
    if (scalar.type !== 'dynamic') return scalar;
    throw new KustoError(
      'TypeMismatch',
      at,
      `The join key '${name}' is of a dynamic type. Use an explicit cast, for example tostring().`,
    );
  });
  return { columns, keys, names: new Map() };
}

function checkTypes({ on }: JoinStage, one: Side, other: Side): void {
  for (const [index, { at, left: name }] of on.entries()) {
    const [type, otherType] = [one.keys[index]?.type, other.keys[index]?.type];
    if (type === otherType) continue;
    throw new KustoError(
      'TypeMismatch',
      at,
      `The join key '${name}' is ${type ?? ''} on the left and ${otherType ?? ''} on the right. Cast one side.`,
    );
  }
}

/** Names that the left does not have: `name1`, `name2`. */
function apart(columns: Columns, taken: Set<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of columns.keys()) {
    let free = name;
    for (let number = 1; taken.has(free); number += 1) free = `${name}${number}`;
    taken.add(free);
    names.set(name, free);
  }
  return names;
}
