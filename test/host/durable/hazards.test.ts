import * as df from 'durable-functions';
import { activity, attempt, firstLine, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

let driver: Driver;
let failures = 0;

beforeAll(() => {
  activity('echo', (value) => value);
  activity('throws', () => {
    throw new Error('broken');
  });
  activity('flaky', () => {
    failures -= 1;
    if (failures >= 0) throw new Error('not yet');
    return 'fine';
  });
  orchestrator('sliding window', function* (df) {
    const open = [df.callActivity('echo', 1), df.waitForExternalEvent('never')];
    yield df.Task.any(open);
    const other = df.waitForExternalEvent('never');
    return yield* wait(df.Task.any([...open.slice(0, 1), other]));
  });
  orchestrator('shared deadline', function* (df) {
    const deadline = df.createTimer(new Date(df.currentUtcDateTime.getTime() + 5000));
    for (const n of [1, 2]) yield df.Task.any([df.callActivity('echo', n), deadline]);
    return 'unreachable';
  });
  orchestrator('finished again', function* (df) {
    const task = df.callActivity('echo', 1);
    yield task;
    return yield* wait(df.Task.all([task]));
  });
  orchestrator('yields bare', function* (df) {
    const [a, b] = [df.callActivity('echo', 1), df.callActivity('echo', 2)];
    yield df.Task.any([a, b]);
    return [yield* wait(a), yield* wait(b)];
  });
  orchestrator('not drained', function* (df2) {
    const retried = df2.callActivityWithRetry('flaky', new df.RetryOptions(1000, 3));
    yield* attempt(df2.Task.all([df2.callActivity('throws'), retried]));
    return yield* wait(df2.callActivity('echo', 'too early'));
  });
  orchestrator('drained', function* (df2) {
    const bad = df2.callActivity('throws');
    const retried = df2.callActivityWithRetry('flaky', new df.RetryOptions(1000, 3));
    yield* attempt(df2.Task.all([bad, retried]));
    yield* attempt(bad);
    return [yield* attempt(retried), yield* wait(df2.callActivity('echo', 'then'))];
  });
  orchestrator('retry timeout', function* (df2) {
    const options = new df.RetryOptions(1000, 50);
    Object.assign(options, { retryTimeoutInMilliseconds: 2500 });
    return yield* attempt(df2.callActivityWithRetry('throws', options));
  });
  orchestrator('deadline for retries', function* (df2) {
    const retried = df2.callActivityWithRetry('flaky', new df.RetryOptions(1000, 5));
    const deadline = df2.createTimer(new Date(df2.currentUtcDateTime.getTime() + 60_000));
    yield df2.Task.any([retried, deadline]);
    deadline.cancel();
    return [retried.result, yield* wait(df2.callActivity('echo', 'next'))];
  });
  orchestrator('retries in a child', function* (df2) {
    return yield* wait(df2.callActivityWithRetry('flaky', new df.RetryOptions(1000, 5)));
  });
  orchestrator('deadline for a child', function* (df2) {
    const child = df2.callSubOrchestrator('retries in a child');
    const deadline = df2.createTimer(new Date(df2.currentUtcDateTime.getTime() + 60_000));
    yield df2.Task.any([child, deadline]);
    deadline.cancel();
    return [child.result, yield* wait(df2.callActivity('echo', 'next'))];
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
  orchestrator('unknown signal', function* (context) {
    context.signalEntity(new df.EntityId('nobody', 'k'), 'op');
    return yield* wait(context.callActivity('echo', 1));
  });
  orchestrator('throws nothing', function* (df) {
    yield df.callActivity('echo', 1);
    throwNothing();
  });
  orchestrator('empty all', function* (df) {
    return yield* wait(df.Task.all([]));
  });
});

function throwNothing(): never {
  const nothing: unknown = undefined;
  throw nothing;
}

function open(strict: 'on' | 'warn' | 'off'): void {
  driver = new Driver({ strict });
  driver.engine.open();
}

afterEach(() => driver.engine.close(100));

describe('strict mode', () => {
  test.each([
    ['sliding window', /TaskYieldedTwice: a call of 'echo' .*Azure schedules it a second time/],
    ['shared deadline', /TaskYieldedTwice: a timer .*make a fresh one/],
    ['finished again', /TaskYieldedTwice: a call of 'echo' that has already ended/],
    ['not drained', /FailedTaskAllNotDrained: .*yield every task once/],
    ['retry timeout', /RetryTimeout: .*waits for ever\. Bound maxNumberOfAttempts/],
    ['deadline for retries', /CancelledTimerReordersReplay: .*into a child orchestration/],
    ['unknown activity', /UnknownFunction: no activity function 'nobody'/],
    ['unknown child', /UnknownFunction: no orchestrator function 'nobody'/],
    ['unknown entity', /UnknownFunction: no entity function 'nobody'/],
    ['throws nothing', /ThrewUndefined: .*stays Running for ever\. Throw an Error\./],
    ['empty all', /you must specify at least one Task/],
  ])('fails at the moment it happens: %s', async (name, text) => {
    open('on');
    failures = 1;

    const { runtimeStatus, output } = await driver.run(name);

    expect(runtimeStatus).toBe('Failed');
    expect(output).toMatch(text);
    expect(output).toContain(`Orchestrator function '${name}' failed: `);
  });

  test.each([
    ['yields bare', [1, 2]],
    ['drained', ['fine', 'then']],
    ['deadline for a child', ['fine', 'next']],
  ])('lets pass what is safe: %s', async (name, result) => {
    open('on');
    failures = 1;

    const { output } = await driver.run(name);

    expect(shown(output)).toEqual(result);
  });
});

describe('without strict mode', () => {
  test.each(['unknown activity', 'unknown child', 'throws nothing', 'retry timeout'])(
    'hangs as Azure does: %s',
    async (name) => {
      open('off');

      const id = await driver.start(name);

      await expect(driver.ended(id)).rejects.toThrow('Nothing more happens');
      expect(driver.logs).toEqual([]);
    },
  );

  test('fails as Azure does when a signal has nobody to go to', async () => {
    open('off');

    const { output } = await driver.run('unknown signal');

    expect(output).toBe(
      "Orchestrator function 'unknown signal' failed: The function 'nobody' doesn't exist, is disabled, or is not an entity function. Additional info: No entity functions are currently registered!",
    );
  });

  test('fails as Azure does when a cancelled timer reorders the replay', async () => {
    open('off');
    failures = 1;

    const { output } = await driver.run('deadline for retries');

    expect(output).toBe(
      'Non-Deterministic workflow detected: A previous execution of this orchestration scheduled a timer task with sequence number 2 named but the current orchestration replay instead produced a ScheduleTaskOrchestratorAction action with this sequence number. Was a change made to the orchestrator code after this instance had already started running?',
    );
  });

  test('lets a race with retries end that nothing follows', async () => {
    open('on');
    failures = 0;

    const { output } = await driver.run('deadline for retries');

    expect(shown(output)).toEqual(['fine', 'next']);
  });

  test('schedules twice what is yielded twice', async () => {
    open('off');

    const { output } = await driver.run('shared deadline');

    expect(driver.calls).toHaveLength(2);
    expect(output).toBe('"unreachable"');
  });

  test('says in warn mode what Azure would do', async () => {
    open('warn');
    const id = await driver.start('unknown activity');
    await driver.rest();

    expect(firstLine(driver.logs.join())).toBe(
      `warning: ${id}: UnknownFunction: no activity function 'nobody' is registered; on Azure the orchestration waits for it for ever. Register it, or correct the name.`,
    );
  });
});
