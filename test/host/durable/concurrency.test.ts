import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as df from 'durable-functions';
import type { DurableCall } from '../../../host/durable/engine';
import { activity, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';
import { invokeRegistered } from './support/worker';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const folder = mkdtempSync(join(tmpdir(), 'durable-concurrency-'));
let driver: Driver;
let handle: (key: number) => unknown;

beforeAll(() => {
  activity('work', (key: number) => handle(key));
  orchestrator('fan', function* (context) {
    const count = context.getInput<number>();
    const tasks = Array.from({ length: count }, (_, key) => context.callActivity('work', key));
    return (yield* wait<unknown[]>(context.Task.all(tasks))).length;
  });
  orchestrator('timer', function* (context) {
    yield context.createTimer(new Date(context.currentUtcDateTime.getTime() + 1000));
    return 'fired';
  });
  orchestrator('listens', function* (context) {
    return yield* wait(context.waitForExternalEvent('go'));
  });
  orchestrator('one', function* (context) {
    return yield* wait(context.callActivity('work', context.getInput()));
  });
  df.app.entity('log', (context) => {
    const seen = (context.df.getState(() => []) as number[] | undefined) ?? [];
    context.df.setState([...seen, context.df.getInput<number>()]);
  });
});

beforeEach(() => {
  handle = () => new Promise(setImmediate);
});

afterEach(() => driver.engine.close(0));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function open(overrides: ConstructorParameters<typeof Driver>[0]): void {
  driver = new Driver(overrides);
  driver.engine.open();
}

/** Counts how many functions of a kind run at once. */
function counting(kind: DurableCall['kind']) {
  const seen = { running: 0, most: 0, calls: 0 };
  const invoke = async (call: DurableCall): Promise<unknown> => {
    if (call.kind !== kind) return invokeRegistered(call);
    seen.running += 1;
    seen.calls += 1;
    seen.most = Math.max(seen.most, seen.running);
    await new Promise(setImmediate);
    seen.running -= 1;
    return invokeRegistered(call);
  };
  return { seen, invoke };
}

describe('what host.json allows at the same time', () => {
  test('holds for orchestrators', async () => {
    const { seen, invoke } = counting('orchestration');
    open({ invoke, settings: { maxConcurrentOrchestratorFunctions: 3 } });

    const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => driver.start('one', n)));
    for (const id of ids) await driver.ended(id);

    expect(seen.most).toBe(3);
  });

  test('holds for entities, and for how much one call of them does', async () => {
    const { seen, invoke } = counting('entity');
    const settings = { maxConcurrentEntityFunctions: 2, maxEntityOperationBatchSize: 5 };
    open({ invoke, settings });
    const signals = Array.from({ length: 60 }, (_, n) =>
      driver.engine.signalEntity({ name: 'log', key: `k${n % 6}` }, 'add', String(n)),
    );

    await Promise.all(signals);
    await driver.rest();
    const first = await driver.engine.readEntity({ name: 'log', key: 'k0' });

    expect([seen.most, shown(first?.state)]).toEqual([2, [0, 6, 12, 18, 24, 30, 36, 42, 48, 54]]);
    expect(seen.calls).toBeGreaterThanOrEqual(12);
  });
});

describe('a wide fan-out', () => {
  test('keeps neither timers nor events nor new instances waiting', async () => {
    let done = 0;
    let halfway: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => (halfway = resolve));
    handle = async (key) => {
      await new Promise(setImmediate);
      if (key >= 0) done += 1;
      if (done === 50) halfway();
    };
    open({ settings: { maxConcurrentActivityFunctions: 20 } });
    const ids = [await driver.start('timer'), await driver.start('listens')];
    const wide = await driver.start('fan', 600);
    await reached;

    driver.clock.moveTo(driver.clock.now() + 2000);
    await driver.engine.raiseEvent(ids[1] ?? '', 'go', '1');
    ids.push(await driver.start('one', -1));
    const doneBy = await Promise.all(
      ids.map(async (id) => {
        while ((await driver.engine.status(id))?.runtimeStatus !== 'Completed');
        return done;
      }),
    );
    const { output } = await driver.ended(wide);

    expect(output).toBe('600');
    for (const count of doneBy) expect(count).toBeLessThan(250);
  }, 20_000);

  test('replays a history of more than five thousand entries, also in the next process', async () => {
    const databasePath = join(folder, 'long.db');
    handle = (key) => (key === 2500 ? new Promise(() => undefined) : { key });
    open({ databasePath });
    const id = await driver.start('fan', 2600);
    await driver.until(id, ({ runtimeStatus }) => runtimeStatus === 'Running');
    while (driver.calls.length < 2600) await new Promise(setImmediate);
    await driver.engine.close(0);
    handle = (key) => ({ key });
    open({ databasePath });

    const { output } = await driver.ended(id);

    expect(output).toBe('2600');
    expect((await driver.engine.history(id)).length).toBeGreaterThan(5200);
    expect(driver.calls.length).toBe(1);
  }, 20_000);
});

describe('closing', () => {
  test('lets a running function end, and starts nothing more', async () => {
    const databasePath = join(folder, 'drain.db');
    const begun: number[] = [];
    let release: (value: unknown) => void = () => undefined;
    handle = (key) => {
      begun.push(key);
      return new Promise((resolve) => (release = resolve));
    };
    open({ databasePath, settings: { maxConcurrentActivityFunctions: 1 } });
    const id = await driver.start('fan', 3);
    while (begun.length === 0) await new Promise(setImmediate);

    const closing = driver.engine.close(5000);
    release('kept');
    await closing;
    const ranBefore = [...begun];
    handle = (key) => {
      begun.push(key);
      return key;
    };
    open({ databasePath });
    await driver.ended(id);

    expect([ranBefore, begun]).toEqual([[0], [0, 1, 2]]);
  });

  test('does not wait for ever: what has not ended runs again next time, and its late end is ignored', async () => {
    const databasePath = join(folder, 'late.db');
    let release: (value: unknown) => void = () => undefined;
    let begun = 0;
    handle = () => {
      begun += 1;
      return new Promise((resolve) => (release = resolve));
    };
    open({ databasePath });
    const id = await driver.start('one', 1);
    while (begun === 0) await new Promise(setImmediate);
    await driver.engine.close(20);
    const finishLate = release;
    handle = () => 'second time';
    open({ databasePath });

    finishLate('first time');
    const { output } = await driver.ended(id);

    expect(output).toBe('"second time"');
    expect(driver.logs).toEqual([]);
  });

  test('refuses what is asked of it afterwards', async () => {
    open({});
    await driver.engine.close(0);

    await expect(driver.engine.status('x')).rejects.toThrow(
      'The durable engine is closed. Start the host again.',
    );
  });
});

describe('an engine that is asked for courtesy', () => {
  test('starts an instance, and runs it when it is told that others were served', async () => {
    const waiting: (() => void)[] = [];
    const callers = { isDue: true, afterwards: (work: () => void) => waiting.push(work) };
    open({ courtesy: callers });
    const id = await driver.start('timer');
    await new Promise(setImmediate);
    const meanwhile = (await driver.engine.status(id))?.runtimeStatus;

    callers.isDue = false;
    for (const work of waiting) work();
    const { runtimeStatus } = await driver.ended(id);

    expect([meanwhile, runtimeStatus]).toEqual(['Pending', 'Completed']);
  });
});
