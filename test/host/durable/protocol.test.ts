import * as df from 'durable-functions';
import type { DurableCall } from '../../../host/durable/engine';
import { activity, attempt, firstLine, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';
import { invokeRegistered } from './support/worker';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

interface Trigger {
  readonly isReplaying: boolean;
  readonly history: readonly Readonly<Record<string, unknown>>[];
}

let driver: Driver;
let triggers: Trigger[];

beforeAll(() => {
  activity('echo', (value) => value);
  activity('throws', () => {
    throw new Error('broken');
  });
  orchestrator('two steps', function* (context) {
    const first = yield* wait(context.callActivity('echo', 'a'));
    return [first, yield* wait(context.callActivity('echo', { b: 1 }))];
  });
  orchestrator('parent', function* (context) {
    return yield* wait(context.callSubOrchestrator('two steps', { n: 1 }, 'the-child'));
  });
  orchestrator('forgets', function* (context) {
    context.callActivity('echo', 'never yielded');
    return yield* wait(context.callActivity('echo', 'yielded'));
  });
  orchestrator('fails early', function* (context) {
    const slow = context.createTimer(new Date(context.currentUtcDateTime.getTime() + 60_000));
    yield context.Task.all([context.callActivity('throws'), slow]);
  });
  orchestrator('stops listening', function* (context) {
    const never = context.waitForExternalEvent('never');
    yield context.Task.any([context.callActivity('echo', 1), never]);
    return 'done';
  });
  orchestrator('hears one in each turn', function* (context) {
    const { turn } = context.getInput<{ turn: number }>();
    const word = yield* wait(context.waitForExternalEvent(`word ${turn}`));
    yield context.callActivity('echo', word);
    if (turn < 2) context.continueAsNew({ turn: turn + 1 });
    return word;
  });
  orchestrator('hands over', function* (context) {
    const input = context.getInput<{ next?: unknown }>();
    if (typeof input !== 'object' || !('next' in input)) return { got: input };
    yield context.callActivity('echo', 1);
    context.continueAsNew(input.next);
    return 'ignored';
  });
  orchestrator('calls the thrower', function* (context) {
    const call = context.callEntity(new df.EntityId('thrower', 'k'), context.getInput<string>());
    return firstLine(yield* attempt(call));
  });
  df.app.entity('thrower', (context) => {
    const text: unknown = context.df.operationName;
    throw text;
  });
});

/** Keeps a copy of what each run of an orchestrator is given. */
async function watched(call: DurableCall): Promise<unknown> {
  if (call.kind === 'orchestration') {
    triggers.push(JSON.parse(JSON.stringify(call.trigger)) as Trigger);
  }
  return await invokeRegistered(call);
}

beforeEach(() => {
  triggers = [];
  driver = new Driver({ invoke: watched });
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

describe('what an orchestrator is given', () => {
  test('has the fields that the Durable extension sends', async () => {
    await driver.run('parent', undefined, { instanceId: 'p' });

    const child = triggers.find((trigger) => 'instanceId' in trigger && trigger.instanceId !== 'p');
    expect(child).toEqual({
      history: expect.any(Array) as unknown[],
      input: { n: 1 },
      instanceId: 'the-child',
      isReplaying: false,
      parentInstanceId: 'p',
      sourceInstanceId: null,
      upperSchemaVersion: 1,
      upperSchemaVersionNew: 3,
      maximumShortTimerDuration: '6.00:00:00',
      longRunningTimerIntervalDuration: '3.00:00:00',
      defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
    });
  });

  test('is replayed from the second run on', async () => {
    await driver.run('two steps');

    // Each run is repeated by the driver.
    expect(triggers.map(({ isReplaying }) => isReplaying)).toEqual([
      ...[false, false, true, true, true, true],
    ]);
  });

  test('holds the messages of each run between its frame entries, decisions after them', async () => {
    const { instanceId } = await driver.run('two steps');

    const history = await driver.engine.history(instanceId);
    expect(history.map(({ EventType, EventId }) => [EventType, EventId])).toEqual([
      ...[12, 0].map((type) => [type, -1]),
      [4, 0],
      ...[13, 12, 5].map((type) => [type, -1]),
      [4, 1],
      ...[13, 12, 5].map((type) => [type, -1]),
      [1, 2],
      [13, -1],
    ]);
    const times = history.map(({ Timestamp }) => Timestamp.getTime());
    const starts = history.flatMap(({ EventType, Timestamp }) =>
      EventType === 12 ? [Timestamp.getTime()] : [],
    );
    expect(times.every(Number.isInteger)).toBe(true);
    expect(new Set(starts).size).toBe(3);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  test('stays the same from run to run, apart from what was added', async () => {
    await driver.run('two steps');

    const [first, second] = [triggers[2], triggers[4]];
    expect(second?.history.slice(0, first?.history.length)).toEqual(first?.history);
  });
});

describe('what an orchestrator waits for', () => {
  test('is scheduled only when it was yielded', async () => {
    const { output } = await driver.run('forgets');

    expect([output, driver.calls.length]).toEqual(['"yielded"', 1]);
  });

  test('keeps a failed orchestration running until all of it has ended', async () => {
    const id = await driver.start('fails early');
    await driver.rest();
    const before = await driver.engine.status(id);

    const after = await driver.ended(id);

    expect([before?.runtimeStatus, after.runtimeStatus]).toEqual(['Running', 'Failed']);
    expect(after.updatedAt - after.createdAt).toBe(60_000);
  });

  test('does not keep it running when it is an event', async () => {
    const { output, updatedAt, createdAt } = await driver.run('stops listening');

    expect(output).toBe('"done"');
    expect(updatedAt - createdAt).toBeLessThan(10);
  });
});

describe('continueAsNew', () => {
  test('loses events that were delivered and not consumed, as Azure does', async () => {
    const id = await driver.start('hears one in each turn', { turn: 1 });
    await driver.rest();
    await driver.engine.raiseEvent(id, 'word 2', '"too early"');
    await driver.rest();
    await driver.engine.raiseEvent(id, 'word 1', '"first"');
    await driver.rest();
    const waiting = await driver.engine.status(id);
    await driver.engine.raiseEvent(id, 'word 2', '"again"');

    const { output } = await driver.ended(id);

    expect([waiting?.runtimeStatus, output]).toEqual(['Running', '"again"']);
  });

  test.each([[true], [false], [0], [[1, 'two']], [{ nested: { a: null } }]])(
    'hands over %j exactly',
    async (next) => {
      const { output } = await driver.run('hands over', { next });

      expect(shown(output)).toEqual({ got: next });
    },
  );
});

test('an entity that throws a text tells it to its caller', async () => {
  const { output } = await driver.run('calls the thrower', 'the reason');

  expect(shown(output)).toBe('the reason');
});
