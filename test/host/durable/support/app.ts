import * as df from 'durable-functions';

/**
 * Orchestrations of every shape that a crash can hit. Steps have keys, so that it can be told
 * which ran how often.
 */

/** Told about each step that runs. */
export const steps: { onRun: (key: string) => void } = { onRun: () => undefined };

const counts = new Map<string, number>();

/** How often an attempt has been made in this process. */
function attempt(key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

interface Step {
  readonly key: string;
  readonly value: number;
}

interface Flaky extends Step {
  readonly failures: number;
}

const after = (context: df.OrchestrationContext, ms: number): Date =>
  new Date(context.df.currentUtcDateTime.getTime() + ms);

df.app.activity('step', {
  handler: ({ key, value }: Step) => {
    steps.onRun(key);
    return { key, value: value + 1 };
  },
});

df.app.activity('flaky', {
  handler: ({ key, value, failures }: Flaky) => {
    if (attempt(key) <= failures) throw new Error(`${key} failed`);
    return { value };
  },
});

df.app.orchestration('chain', function* (context) {
  let value = 0;
  for (let index = 0; index < 4; index += 1) {
    const key = `${context.df.instanceId}/${index}`;
    ({ value } = (yield context.df.callActivity('step', { key, value })) as Step);
  }
  return { value };
});

df.app.orchestration('fan', function* (context) {
  const tasks = Array.from({ length: 8 }, (_, index) =>
    context.df.callActivity('step', { key: `${context.df.instanceId}/${index}`, value: index }),
  );
  const results = (yield context.df.Task.all(tasks)) as Step[];
  return { value: results.reduce((sum, { value }) => sum + value, 0) };
});

df.app.orchestration('waits', function* (context) {
  const from = context.df.currentUtcDateTime.getTime();
  yield context.df.createTimer(after(context, 300));
  const late = context.df.createTimer(after(context, 60_000));
  const quick = context.df.callActivity('step', { key: `${context.df.instanceId}/q`, value: 1 });
  yield context.df.Task.any([late, quick]);
  late.cancel();
  yield context.df.createTimer(after(context, 200));
  return { waited: context.df.currentUtcDateTime.getTime() - from >= 500 };
});

df.app.orchestration('retries', function* (context) {
  // A killed process forgets how often it failed, so there are attempts to spare.
  const options = new df.RetryOptions(20, 60);
  const input = { key: context.df.instanceId, value: 7, failures: 2 };
  const { value } = (yield context.df.callActivityWithRetry('flaky', options, input)) as Step;
  return { value };
});

df.app.orchestration('loop', function* (context) {
  const { turn, sum } = context.df.getInput<{ turn: number; sum: number }>();
  const key = `${context.df.instanceId}/${turn}`;
  const { value } = (yield context.df.callActivity('step', { key, value: sum })) as Step;
  if (turn < 5) context.df.continueAsNew({ turn: turn + 1, sum: value });
  return { value };
});

df.app.orchestration('parent', function* (context) {
  const children = [0, 1, 2].map((index) =>
    context.df.callSubOrchestrator(index === 2 ? 'fan' : 'chain', undefined),
  );
  const results = (yield context.df.Task.all(children)) as { value: number }[];
  return { values: results.map(({ value }) => value) };
});

df.app.orchestration('listens', function* (context) {
  const heard: unknown[] = [];
  for (let index = 0; index < 3; index += 1) {
    heard.push(yield context.df.waitForExternalEvent('word'));
    const key = `${context.df.instanceId}/${index}`;
    yield context.df.callActivity('step', { key, value: index });
  }
  return { heard };
});

df.app.orchestration('transfer', function* (context) {
  const { from, to } = context.df.getInput<{ from: string; to: string }>();
  const [source, target] = [new df.EntityId('account', from), new df.EntityId('account', to)];
  const lock = (yield context.df.lock(source, target)) as df.DurableLock;
  try {
    yield context.df.callEntity(source, 'add', -10);
    yield context.df.callEntity(target, 'add', 10);
  } finally {
    lock.release();
  }
  return { done: true };
});

df.app.entity('account', (context) => {
  const balance = (context.df.getState(() => 100) as number | undefined) ?? 100;
  if (context.df.operationName === 'add') {
    const amount = context.df.getInput<number>() ?? 0;
    context.df.setState(balance + amount);
  }
  context.df.return(balance);
});

/** What the test starts, and what has to come out. */
export interface Expectation {
  readonly id: string;
  readonly functionName: string;
  readonly input?: unknown;
  readonly output: unknown;
}

/** One instance of every shape; `set` keeps the ids of several sets apart. */
export function expectations(set: string): readonly Expectation[] {
  return [
    { id: `${set}-chain`, functionName: 'chain', output: { value: 4 } },
    { id: `${set}-fan`, functionName: 'fan', output: { value: 36 } },
    { id: `${set}-waits`, functionName: 'waits', output: { waited: true } },
    { id: `${set}-retries`, functionName: 'retries', output: { value: 7 } },
    { id: `${set}-loop`, functionName: 'loop', input: { turn: 1, sum: 0 }, output: { value: 5 } },
    { id: `${set}-parent`, functionName: 'parent', output: { values: [4, 4, 36] } },
    { id: `${set}-listens`, functionName: 'listens', output: { heard: ['a', 'b', 'c'] } },
    {
      id: `${set}-transfer`,
      functionName: 'transfer',
      input: { from: 'left', to: 'right' },
      output: { done: true },
    },
  ];
}
