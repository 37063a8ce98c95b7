import * as df from 'durable-functions';
import { activity, attempt, orchestrator, wait } from '../support/define';
import { testInEachMode, testSound } from '../support/modes';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('../support/functions-core'), {
  virtual: true,
});

jest.setTimeout(30_000);

/** Instances whose call has failed once already. */
const failedOnce = new Set<string>();

const inSeconds = (context: df.DurableOrchestrationContext, seconds: number): Date =>
  new Date(context.currentUtcDateTime.getTime() + seconds * 1000);

const retries = (context: df.DurableOrchestrationContext, firstMs: number): df.Task =>
  context.callActivityWithRetry('flaky', new df.RetryOptions(firstMs, 3), {
    id: context.instanceId,
  });

activity('echo', (value) => value);
activity('throws', () => {
  throw new Error('broken');
});
activity('flaky', ({ id }: { id: string }) => {
  if (failedOnce.has(id)) return 'fine';
  failedOnce.add(id);
  throw new Error('not yet');
});
orchestrator('sliding window', function* (df) {
  const open = [df.callActivity('echo', 1), df.waitForExternalEvent('never')];
  yield df.Task.any(open);
  const other = df.callActivity('echo', 2);
  yield df.Task.any([...open.slice(0, 1), other]);
  return 'unreachable';
});
orchestrator('shared deadline', function* (df) {
  const deadline = df.createTimer(inSeconds(df, 5));
  for (const n of [1, 2]) yield df.Task.any([df.callActivity('echo', n), deadline]);
  deadline.cancel();
  return 'unreachable';
});
orchestrator('finished again', function* (df) {
  const task = df.callActivity('echo', 1);
  yield task;
  return yield* wait(df.Task.all([task]));
});
orchestrator('not drained', function* (df) {
  yield* attempt(df.Task.all([df.callActivity('throws'), retries(df, 1000)]));
  return (yield* wait(df.callActivity('echo', 'too early'))) ?? 'nothing';
});
orchestrator('drained', function* (df) {
  const [bad, retried] = [df.callActivity('throws'), retries(df, 1000)];
  yield* attempt(df.Task.all([bad, retried]));
  yield* attempt(bad);
  return [yield* attempt(retried), yield* wait(df.callActivity('echo', 'then'))];
});
orchestrator('retry timeout', function* (context) {
  const options = new df.RetryOptions(1000, 50);
  Object.assign(options, { retryTimeoutInMilliseconds: 2500 });
  return yield* attempt(context.callActivityWithRetry('throws', options));
});
orchestrator('retries', function* (context) {
  return yield* wait(retries(context, context.getInput<number>()));
});
orchestrator('one attempt', function* (context) {
  return yield* wait(context.callActivityWithRetry('echo', new df.RetryOptions(1, 1), 'once'));
});
orchestrator('deadline for retries', function* (df) {
  const retried = retries(df, 1000);
  const deadline = df.createTimer(inSeconds(df, 60));
  yield df.Task.any([retried, deadline]);
  deadline.cancel();
  return [retried.result, yield* wait(df.callActivity('echo', 'next'))];
});
orchestrator('deadline for a child', function* (df) {
  const child = df.callSubOrchestrator('retries', 1000);
  const deadline = df.createTimer(inSeconds(df, 60));
  yield df.Task.any([child, deadline]);
  deadline.cancel();
  return [child.result, yield* wait(df.callActivity('echo', 'next'))];
});
orchestrator('sleeps', function* (df) {
  yield df.createTimer(inSeconds(df, df.getInput<number>()));
  return 'awake';
});
orchestrator('open timer', function* (df) {
  yield df.Task.any([df.createTimer(inSeconds(df, 30)), df.callActivity('echo', 1)]);
  return 'done';
});
orchestrator('unknown activity', function* (df) {
  return yield* attempt(df.callActivity('nobody'));
});
orchestrator('unknown child', function* (df) {
  return yield* attempt(df.callSubOrchestrator('nobody'));
});
orchestrator('unknown entity', function* (context) {
  return yield* attempt(context.callEntity(new df.EntityId('nobody', 'k'), 'op'));
});
orchestrator('another letter case', function* (df) {
  return yield* wait(df.callActivity('ECHO', 'fine'));
});
orchestrator('yields bare', function* (df) {
  const [a, b] = [df.callActivity('echo', 1), df.callActivity('echo', 2)];
  yield df.Task.any([a, b]);
  return [yield* wait(a), yield* wait(b)];
});
orchestrator('forgets', function* (df) {
  void df.callActivity('echo', 'lost');
  return yield* wait(df.callActivity('echo', 'kept'));
});
orchestrator('forgets a group', function* (df) {
  df.Task.all([df.callActivity('echo', 1), df.callActivity('echo', 2)]);
  return yield* wait(df.callActivity('echo', 'kept'));
});
orchestrator('everything at once', function* (context) {
  const id = new df.EntityId('box', context.instanceId);
  yield context.Task.all([
    context.callActivity('echo', 1),
    retries(context, 1000),
    context.callSubOrchestrator('sleeps', 1),
    context.callEntity(id, 'get'),
  ]);
  return 'all';
});
df.app.entity('box', ({ df: context }) => {
  context.return('content');
});
orchestrator('long', function* (df) {
  for (let turn = 0; turn < 3; turn += 1) {
    const size = df.getInput<number>();
    yield df.Task.all(Array.from({ length: size }, () => df.callActivity('echo', 1)));
  }
  return 'long';
});

const twice = { code: 'TaskYieldedTwice', severity: 'failure' } as const;
const unknown = { code: 'UnknownFunction', severity: 'failure', azure: 'hangs' } as const;
const never = { code: 'NeverYielded', severity: 'warning', azure: { output: 'kept' } } as const;
const short = { code: 'ShortWait', severity: 'warning' } as const;

testInEachMode([
  {
    ...{ run: 'sliding window', ...twice, azure: { output: 'unreachable' } },
    says: "a call of 'echo' that has already ended is part of another Task.all or Task.any; Azure schedules it a second time",
  },
  {
    ...{ run: 'shared deadline', ...twice, azure: { output: 'unreachable' } },
    says: 'a timer is part of a second Task.all or Task.any; Azure schedules it a second time and hands results to the wrong tasks. Yield the task by itself, or make a fresh one (a new timer for every turn of a loop).',
  },
  {
    ...{ run: 'finished again', ...twice, azure: 'hangs' },
    says: "a call of 'echo' that has already ended",
  },
  {
    ...{ run: 'not drained', code: 'FailedTaskAllNotDrained', severity: 'failure' },
    ...{ says: 'yield every task once before going on', azure: { output: 'nothing' } },
  },
  {
    ...{ run: 'retry timeout', code: 'RetryTimeout', severity: 'failure', azure: 'hangs' },
    says: "the retries of 'throws' have a retryTimeoutInMilliseconds; when it runs out on Azure, the orchestration waits for ever. Bound maxNumberOfAttempts",
  },
  {
    ...{ run: 'deadline for retries', code: 'CancelledTimerReordersReplay', severity: 'failure' },
    says: 'Put the retried call into a child orchestration',
    azure: { fails: 'Non-Deterministic workflow detected: A previous execution' },
  },
  { run: 'unknown activity', ...unknown, says: "no activity function 'nobody' is registered" },
  { run: 'unknown child', ...unknown, says: "no orchestrator function 'nobody' is registered" },
  { run: 'unknown entity', ...unknown, says: "no entity function 'nobody' is registered" },
  {
    ...{ run: 'retries', input: 999, ...short, azure: { output: 'fine' } },
    says: "'flaky' is retried after 999 ms; Azure cuts delays to whole seconds, so there is none.",
  },
  {
    ...{ run: 'sleeps', input: 0.4, ...short, azure: { output: 'awake' } },
    says: 'a timer is due within a second; Azure cuts delays to whole seconds, so it fires at once.',
  },
  {
    ...{ run: 'open timer', code: 'TimerNotCancelled', severity: 'warning' },
    ...{ says: 'Azure keeps the instance Running until then.', azure: { output: 'done' } },
  },
  {
    ...{ run: 'long', input: 1000, code: 'LongHistory', severity: 'warning' },
    ...{ says: 'every one of them is replayed at each step', azure: { output: 'long' } },
  },
  { run: 'forgets', ...never, says: "a call of 'echo' was made and never yielded" },
  { run: 'forgets a group', ...never, says: 'Azure never makes it. Yield it, or do not make it.' },
]);

testSound([
  { run: 'yields bare', output: [1, 2] },
  { run: 'drained', output: ['fine', 'then'] },
  { run: 'deadline for a child', output: ['fine', 'next'] },
  { run: 'retries', input: 1000, output: 'fine' },
  { run: 'one attempt', output: 'once' },
  { run: 'sleeps', input: 1, output: 'awake' },
  { run: 'sleeps', input: 0, output: 'awake' },
  { run: 'sleeps', input: -5, output: 'awake' },
  { run: 'another letter case', output: 'fine' },
  { run: 'everything at once', output: 'all' },
  { run: 'long', input: 100, output: 'long' },
]);
