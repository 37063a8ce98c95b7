import * as df from 'durable-functions';
import { activity, attempt, firstLine, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const dayMs = 24 * 3_600_000;

let driver: Driver;
let failures = 0;
const attempts: number[] = [];

beforeAll(() => {
  activity('echo', (value) => value);
  activity('flaky', () => {
    attempts.push(driver.clock.now());
    failures -= 1;
    if (failures >= 0) throw new Error('not yet');
    return 'at last';
  });
  orchestrator('timer', function* (df) {
    const from = df.currentUtcDateTime.getTime();
    yield df.createTimer(new Date(from + df.getInput<number>()));
    return df.currentUtcDateTime.getTime() - from;
  });
  orchestrator('deadline', function* (df) {
    const deadline = df.createTimer(
      new Date(df.currentUtcDateTime.getTime() + df.getInput<number>()),
    );
    const event = df.waitForExternalEvent('go');
    const winner = yield* wait(df.Task.any([deadline, event]));
    if (winner === deadline) return 'too late';
    deadline.cancel();
    return event.result;
  });
  orchestrator('loses', function* (df) {
    const slow = df.createTimer(new Date(df.currentUtcDateTime.getTime() + 400));
    yield df.Task.any([slow, df.callActivity('echo', 1)]);
    return 'done';
  });
  orchestrator('retries', function* (context) {
    const options = new df.RetryOptions(1000, context.getInput<number>());
    options.backoffCoefficient = 2;
    options.maxRetryIntervalInMilliseconds = 3000;
    const result = yield* attempt(context.callActivityWithRetry('flaky', options));
    return [firstLine(result), yield* wait(context.callActivity('echo', 'then'))];
  });
  orchestrator('events', function* (df) {
    const heard: unknown[] = [];
    for (const name of df.getInput<string[]>()) heard.push(yield df.waitForExternalEvent(name));
    return heard;
  });
  orchestrator('same name', function* (df) {
    return yield* wait(df.Task.all([df.waitForExternalEvent('e'), df.waitForExternalEvent('e')]));
  });
  orchestrator('clock', function* (df) {
    const times = [df.currentUtcDateTime.getTime()];
    for (let turn = 0; turn < 3; turn += 1) {
      yield df.waitForExternalEvent('tick');
      times.push(df.currentUtcDateTime.getTime());
    }
    return times;
  });
});

beforeEach(() => {
  driver = new Driver();
  attempts.length = 0;
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

describe('timers', () => {
  test.each([1, 1500, 5 * dayMs])('fires %d ms later, never earlier', async (ms) => {
    const { output } = await driver.run('timer', ms);

    expect(Number(output)).toBe(ms);
  });

  test.each([0, -60_000])('fires at once for %d ms, and time moves on all the same', async (ms) => {
    const { output } = await driver.run('timer', ms);

    expect(output).toBe('1');
  });

  test('makes a long wait of several timers', async () => {
    const { instanceId, output } = await driver.run('timer', 20 * dayMs);

    expect(Number(output)).toBe(20 * dayMs);
    const created = (await driver.historyTypes(instanceId)).filter((type) => type === 10);
    expect(created).toHaveLength(6);
  });

  test('leaves no alarm behind when it is cancelled', async () => {
    const id = await driver.start('deadline', 20_000);
    await driver.rest();
    await driver.engine.raiseEvent(id, 'go', '{"v":1}');

    const { output } = await driver.ended(id);

    expect(shown(output)).toEqual({ v: 1 });
    expect(await driver.historyTypes(id)).toEqual([0, 10, 15, 1]);
  });

  test('decides a race that nobody else entered', async () => {
    const { output } = await driver.run('deadline', 20_000);

    expect(output).toBe('"too late"');
  });

  test('keeps a finished orchestration running until it fires, as Azure does', async () => {
    const id = await driver.start('loses');
    await driver.rest();
    const before = await driver.engine.status(id);
    const after = await driver.ended(id);

    expect([before?.runtimeStatus, after.runtimeStatus]).toEqual(['Running', 'Completed']);
    expect(after.updatedAt - after.createdAt).toBe(400);
  });

  test('never lets the orchestration clock run backwards', async () => {
    const id = await driver.start('clock');
    await driver.rest();
    for (const ms of [5000, -60_000, 10]) {
      driver.clock.moveTo(driver.clock.now() + ms);
      await driver.engine.raiseEvent(id, 'tick', '1');
      await driver.rest();
    }

    const times = shown((await driver.ended(id)).output) as number[];

    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(5000);
  });
});

describe('retries', () => {
  test('waits longer after each failure, up to the limit', async () => {
    failures = 4;

    const { output } = await driver.run('retries', 9);

    const waits = attempts.map((time, index) => time - (attempts[index - 1] ?? time));
    // Each failure is a run of its own, whose clock is a millisecond ahead of the one before.
    expect(waits).toEqual([0, 1001, 2001, 3001, 3001]);
    expect(shown(output)).toEqual(['at last', 'then']);
  });

  test('hands the last failure over after a timer of its own', async () => {
    failures = 9;

    const { instanceId, output } = await driver.run('retries', 3);

    expect(shown(output)).toEqual(["Activity function 'flaky' failed: not yet", 'then']);
    expect(await driver.historyTypes(instanceId)).toEqual([
      ...[0, 4, 6, 10, 11, 4, 6, 10, 11, 4, 6, 10, 11],
      ...[4, 5, 1],
    ]);
  });
});

describe('events', () => {
  test('keeps what comes before anyone waits for it, in order', async () => {
    const id = await driver.start('events', ['late', 'early', 'early']);
    await driver.engine.raiseEvent(id, 'early', '1');
    await driver.engine.raiseEvent(id, 'early', '2');
    await driver.engine.raiseEvent(id, 'late', '3');

    const { output } = await driver.ended(id);

    expect(shown(output)).toEqual([3, 1, 2]);
  });

  test('tells names apart by letter case', async () => {
    const id = await driver.start('events', ['go']);
    await driver.engine.raiseEvent(id, 'GO', '1');
    await driver.rest();

    expect((await driver.engine.status(id))?.runtimeStatus).toBe('Running');
  });

  test('gives the newest of two waits the first event, as Azure does', async () => {
    const id = await driver.start('same name');
    await driver.rest();
    await driver.engine.raiseEvent(id, 'e', '"first"');
    await driver.engine.raiseEvent(id, 'e', '"second"');

    const { output } = await driver.ended(id);

    expect(shown(output)).toEqual(['second', 'first']);
  });

  test('refuses what is not JSON, which no orchestrator could read', async () => {
    const id = await driver.start('events', ['go']);

    await expect(driver.engine.raiseEvent(id, 'go', 'plain')).rejects.toThrow(
      'The input of an event must be JSON text: quote it.',
    );
  });
});
