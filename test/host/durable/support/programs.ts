import fc from 'fast-check';

/**
 * Orchestrations that are made up, as data: what they are, how they are drawn, and what they come to
 * by a model that has no host, no history and no clock.
 */
export type Step =
  /** Tasks together, whose results are read one after the other when that is over */
  | { readonly kind: 'tasks'; readonly tree: Tree }
  /** A call against a timer that is cancelled */
  | { readonly kind: 'race'; readonly value: number }
  | { readonly kind: 'hear'; readonly name: string }
  /** Events with different names, awaited together */
  | { readonly kind: 'hear all' }
  | { readonly kind: 'status'; readonly value: number }
  /** The entity of the instance is called, or sent a signal */
  | { readonly kind: 'add' | 'signal'; readonly value: number }
  /** From one shared account to another, both locked */
  | { readonly kind: 'transfer'; readonly way: readonly [string, string]; readonly value: number };

export type Tree = Leaf | { readonly kind: 'all' | 'any'; readonly of: readonly [Tree, ...Tree[]] };

export type Leaf =
  | { readonly kind: 'call' | 'fail'; readonly value: number }
  /** Succeeds after so many failures, if it may be tried that often */
  | {
      readonly kind: 'retry' | 'retried child';
      readonly failures: number;
      readonly attempts: number;
    }
  | { readonly kind: 'timer'; readonly ms: number }
  | { readonly kind: 'child'; readonly steps: readonly Step[] };

/** Executions of one instance, each continued as the next one. */
export type Program = readonly (readonly Step[])[];

export const eventNames = ['left', 'right'] as const;
export const accounts = ['x', 'y', 'z'] as const;

const dayMs = 24 * 3_600_000;
const small = fc.integer({ min: 0, max: 9 });
const constant = <const Value>(value: Value) => fc.constant(value);

/** What takes one sequence number. */
const singleStep: fc.Arbitrary<Leaf> = fc.oneof(
  fc.record({ kind: fc.constantFrom('call' as const, 'fail' as const), value: small }),
  fc.record({ kind: constant('timer'), ms: fc.integer({ min: -5, max: 5000 }) }),
);

const retried: fc.Arbitrary<Leaf> = fc.record({
  kind: fc.constantFrom('retry' as const, 'retried child' as const),
  failures: fc.integer({ min: 0, max: 3 }),
  attempts: fc.integer({ min: 1, max: 3 }),
});

/** Half days: six days and a little is several timers for one side and one timer for the other. */
const longTimer: fc.Arbitrary<Leaf> = fc.record({
  kind: constant('timer'),
  ms: fc.integer({ min: 1, max: 20 }).map((days) => (days + 0.5) * dayMs),
});

const several = (tree: fc.Arbitrary<Tree>) =>
  fc
    .tuple(tree, fc.array(tree, { maxLength: 3 }))
    .map(([first, rest]): readonly [Tree, ...Tree[]] => [first, ...rest]);

interface Leaves {
  readonly single: fc.Arbitrary<Leaf>;
  readonly multi: fc.Arbitrary<Leaf>;
}

/**
 * Compounds of compounds, down to `depth`. What loses a `Task.any` must not take further numbers: the
 * host has gone on to the next action by then, the orchestrator that waits for it has not.
 */
function trees({ single, multi }: Leaves, depth: number): fc.Arbitrary<Tree> {
  const leaf = fc.oneof(single, multi);
  if (depth === 0) return leaf;
  const all = fc.record({
    kind: constant('all'),
    of: several(trees({ single, multi }, depth - 1)),
  });
  const singles = trees({ single, multi: single }, depth - 1);
  const any = fc.record({ kind: constant('any'), of: several(singles) });
  return fc.oneof({ weight: 2, arbitrary: leaf }, { weight: 1, arbitrary: fc.oneof(all, any) });
}

const lonelySteps: fc.Arbitrary<Step>[] = [
  fc.record({ kind: constant('race'), value: small }),
  fc.record({ kind: constant('status'), value: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constantFrom('add' as const, 'signal' as const), value: small }),
  fc.record({
    kind: constant('transfer'),
    way: fc.constantFrom(['x', 'y'], ['y', 'x'], ['z', 'x'], ['y', 'z']),
    value: small,
  }),
];

const hearing: fc.Arbitrary<Step>[] = [
  fc.record({ kind: constant('hear'), name: fc.constantFrom(...eventNames) }),
  fc.record({ kind: constant('hear all') }),
];

const tasks = (tree: fc.Arbitrary<Tree>): fc.Arbitrary<Step> =>
  fc.record({ kind: constant('tasks'), tree });

/** Only the instance at the top is spoken to, so its children do not listen. */
const childSteps = fc.array(
  fc.oneof(tasks(trees({ single: singleStep, multi: retried }, 1)), ...lonelySteps),
  { maxLength: 3 },
);
const leaves: Leaves = {
  single: fc.oneof(
    { weight: 5, arbitrary: singleStep },
    { weight: 1, arbitrary: fc.record({ kind: constant('child'), steps: childSteps }) },
  ),
  multi: fc.oneof(retried, longTimer),
};
const steps = (...more: fc.Arbitrary<Step>[]) =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: tasks(trees(leaves, 2)) },
      { weight: 4, arbitrary: fc.oneof(...lonelySteps, ...more) },
    ),
    { minLength: 1, maxLength: 5 },
  );

/** What is delivered and not consumed before `continueAsNew` is lost: only single executions listen. */
export const programs: fc.Arbitrary<Program> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(steps(...hearing)) },
  { weight: 1, arbitrary: fc.array(steps(), { minLength: 2, maxLength: 3 }) },
);

/** The leaves of a tree, in the order in which they are made. */
export function leavesOf(tree: Tree): readonly Leaf[] {
  return 'of' in tree ? tree.of.flatMap(leavesOf) : [tree];
}

/** What a program says in the end. */
export function expected(program: Program): unknown[] {
  const heard = new Map<string, number>();
  let total = 0;
  const hear = (name: string): number => {
    const count = (heard.get(name) ?? 0) + 1;
    heard.set(name, count);
    return count;
  };
  return program.flat().map((step): unknown => {
    switch (step.kind) {
      case 'tasks':
        return leavesOf(step.tree).map(expectedOf);
      case 'race':
        return step.value + 1;
      case 'hear':
        return hear(step.name);
      case 'hear all':
        return eventNames.map(hear);
      case 'status':
        return step.value;
      case 'add':
      case 'signal':
        total += step.value;
        return step.kind === 'add' ? total : 'sent';
      case 'transfer':
        return 'moved';
    }
  });
}

function expectedOf(task: Leaf): unknown {
  switch (task.kind) {
    case 'call':
      return task.value + 1;
    case 'fail':
      return `Activity function 'fail' failed: no ${task.value}`;
    case 'retry':
      return task.failures < task.attempts ? 'fine' : "Activity function 'late' failed: not yet";
    case 'retried child':
      return task.failures < task.attempts
        ? 'fine'
        : "Orchestrator function 'late child' failed: Activity function 'late' failed: not yet";
    case 'timer':
      return 'fired';
    case 'child':
      return expected([task.steps]);
  }
}

/** The events that a program listens to, in the order of each name. */
export function wantedEvents(program: Program): string[] {
  return program
    .flat()
    .flatMap((step) =>
      step.kind === 'hear' ? [step.name] : step.kind === 'hear all' ? eventNames : [],
    );
}
