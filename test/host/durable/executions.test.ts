import { activity, attempt, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

let driver: Driver;

beforeAll(() => {
  activity('echo', (value) => value);
  orchestrator('loop', function* (df) {
    const { turn, until } = df.getInput<{ turn: number; until: number }>();
    yield df.callActivity('echo', turn);
    if (turn < until) df.continueAsNew({ turn: turn + 1, until });
    return turn;
  });
  orchestrator('again with', function* (df) {
    const input = df.getInput<{ next?: unknown } | string | number | null>();
    if (typeof input === 'object' && input !== null && 'next' in input) {
      df.continueAsNew(input.next);
      return 'ignored';
    }
    yield df.callActivity('echo', 1);
    return { input };
  });
  orchestrator('collects', function* (df) {
    const { items } = df.getInput<{ items: unknown[] }>();
    const next = [...items, yield df.waitForExternalEvent('item')];
    if (next.length < 4) df.continueAsNew({ items: next });
    return next;
  });
  orchestrator('open timer', function* (df) {
    if (df.getInput<{ second?: boolean }>().second === true) return 'second';
    const timer = df.createTimer(new Date(df.currentUtcDateTime.getTime() + 3000));
    yield df.Task.any([timer, df.callActivity('echo', 1)]);
    df.continueAsNew({ second: true });
    return 'ignored';
  });
  orchestrator('status', function* (df) {
    for (const value of df.getInput<unknown[]>()) {
      df.setCustomStatus(value);
      yield df.waitForExternalEvent('next');
    }
    return 'end';
  });
  orchestrator('status kept', function* (df) {
    if (df.getInput<{ second?: boolean }>().second !== true) {
      df.setCustomStatus('first');
      yield df.callActivity('echo', 1);
      df.setCustomStatus('first');
      df.continueAsNew({ second: true });
      return 'ignored';
    }
    yield df.waitForExternalEvent('go');
    return 'end';
  });
  orchestrator('child', function* (df) {
    yield df.callActivity('echo', 1);
    return { input: df.getInput(), parent: df.parentInstanceId, version: df.version };
  });
  orchestrator('parent', function* (df) {
    const { child = 'child', id } = df.getInput<{ child?: string; id?: string }>();
    return yield* attempt(df.callSubOrchestrator(child, { n: 1 }, id));
  });
  orchestrator('waits', function* (df) {
    return yield* wait(df.waitForExternalEvent('go'));
  });
});

beforeEach(() => {
  driver = new Driver({ strict: 'off' });
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

describe('continueAsNew', () => {
  test('begins with an empty history and keeps id and age', async () => {
    const id = await driver.start('loop', { turn: 1, until: 20 });
    const before = await driver.engine.status(id);

    const after = await driver.ended(id);

    expect(after.output).toBe('20');
    expect(shown(after.input)).toEqual({ turn: 20, until: 20 });
    expect(after.createdAt).toBe(before?.createdAt);
    expect(after.executionId).not.toBe(before?.executionId);
    expect(await driver.historyTypes(id)).toEqual([0, 4, 5, 1]);
  });

  test.each([
    ['an object', { a: 1 }, { a: 1 }],
    ['a number', 5, 5],
    ['null', null, null],
    ['a text, which arrives encoded twice', 'b', '"b"'],
  ])('hands over %s', async (_kind, next, seen) => {
    const { output } = await driver.run('again with', { next });

    expect(shown(output)).toEqual({ input: seen });
  });

  test('carries over the events that it has not seen', async () => {
    const id = await driver.start('collects', { items: [] });
    await driver.rest();
    for (const item of [1, 2, 3, 4]) void driver.engine.raiseEvent(id, 'item', String(item));

    const { output } = await driver.ended(id);

    expect(shown(output)).toEqual([1, 2, 3, 4]);
  });

  test('waits for open timers first, as Azure does', async () => {
    const { output, updatedAt, createdAt } = await driver.run('open timer', {});

    expect([output, updatedAt - createdAt]).toEqual(['"second"', 3000]);
  });
});

describe('custom status', () => {
  test('shows what was set last, and nothing for what the SDK does not transmit', async () => {
    const id = await driver.start('status', [{ a: 1 }, 'text', 0, null, [2]]);
    const seen: unknown[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      await driver.rest();
      seen.push(shown((await driver.engine.status(id))?.customStatus));
      await driver.engine.raiseEvent(id, 'next', '1');
    }

    expect(seen).toEqual([{ a: 1 }, 'text', undefined, undefined, [2]]);
  });

  test('outlives continueAsNew for one run', async () => {
    const id = await driver.start('status kept', {});
    await driver.rest();
    const waiting = await driver.engine.status(id);
    await driver.engine.raiseEvent(id, 'go', '1');
    const ended = await driver.ended(id);

    expect([waiting?.customStatus, ended.customStatus]).toEqual(['"first"', undefined]);
  });

  test('takes 16 KiB of UTF-16 and fails beyond', async () => {
    const fits = await driver.start('status', ['s'.repeat(8190)]);
    const { output } = await driver.run('status', ['s'.repeat(17_000)]);
    await driver.rest();

    expect((await driver.engine.status(fits))?.runtimeStatus).toBe('Running');
    expect(output).toBe(
      "Orchestrator function 'status' failed: The UTF-16 size of the JSON-serialized payload must not exceed 16 KB. The current payload size is 33 KB.",
    );
  });
});

describe('children', () => {
  test('are named after the call and know their parent', async () => {
    const { instanceId, executionId, output } = await driver.run('parent', {});
    const child = await driver.engine.status(`${executionId}:0`);

    expect(shown(output)).toEqual({ input: { n: 1 }, parent: instanceId, version: null });
    expect([child?.runtimeStatus, child?.parentInstanceId]).toEqual(['Completed', instanceId]);
  });

  test('go on when their parent is terminated', async () => {
    const id = await driver.start('parent', { child: 'waits', id: 'orphan' });
    await driver.rest();
    await driver.engine.terminate(id, 'enough');
    await driver.ended(id);
    await driver.engine.raiseEvent('orphan', 'go', '7');

    expect((await driver.ended('orphan')).output).toBe('7');
  });

  test('fail their parent when they are terminated, even if it catches, as on Azure', async () => {
    const id = await driver.start('parent', { child: 'waits', id: 'stopped' });
    await driver.rest();
    await driver.engine.terminate('stopped', 'by hand');

    const { runtimeStatus, output } = await driver.ended(id);

    expect(runtimeStatus).toBe('Failed');
    expect(output).toBe(
      "Non-Deterministic workflow detected: A previous execution of this orchestration scheduled a sub-orchestration task with sequence ID 0 and name 'waits' (version '', instance ID 'stopped'), but the current replay execution hasn't (yet?) scheduled this task. Was a change made to the orchestrator code after this instance had already started running?",
    );
  });

  test('replace a live instance that has their id', async () => {
    await driver.start('waits', undefined, { instanceId: 'taken' });
    await driver.rest();

    const { output } = await driver.run('parent', { id: 'taken' });

    expect(shown(output)).toMatchObject({ input: { n: 1 } });
  });
});

describe('versions', () => {
  test('stay pending without a version of the host', async () => {
    const id = await driver.start('child', undefined, { version: '1.0' });
    await driver.rest();

    expect((await driver.engine.status(id))?.runtimeStatus).toBe('Pending');
    expect(await driver.engine.terminate(id, 'end')).toBe('accepted');
    expect((await driver.ended(id)).runtimeStatus).toBe('Terminated');
  });

  test.each([
    ['1.9', 'Completed'],
    ['2.0', 'Completed'],
    ['2.1', 'Pending'],
    ['10.0', 'Pending'],
  ])('run up to the version of the host (%s)', async (version, status) => {
    await driver.engine.close(0);
    driver = new Driver({ settings: { defaultVersion: '2.0' } });
    driver.engine.open();
    const id = await driver.start('child', undefined, { version });
    await driver.rest();

    expect((await driver.engine.status(id))?.runtimeStatus).toBe(status);
  });

  test('are handed down from the host to what names none', async () => {
    await driver.engine.close(0);
    driver = new Driver({ settings: { defaultVersion: '2.0' } });
    driver.engine.open();

    const { output } = await driver.run('parent', {});

    expect(shown(output)).toMatchObject({ version: '2.0' });
  });
});
