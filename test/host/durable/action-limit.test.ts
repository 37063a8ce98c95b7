import * as df from 'durable-functions';
import type { Strictness } from '../../../host/durable/contract';
import { activity, attempt, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const counter = new df.EntityId('counter', 'k');
const reached =
  'Maximum amount of orchestration actions (5) has been reached. This value can be configured in host.json file as MaxOrchestrationActions.';
let driver: Driver;

function open(strict: Strictness, maxOrchestrationActions = 5): void {
  driver = new Driver({ strict, settings: { maxOrchestrationActions } });
  driver.engine.open();
}

beforeAll(() => {
  activity('echo', (value) => value);
  activity('throws', () => {
    throw new Error('broken');
  });
  df.app.entity('counter', (context: df.EntityContext<number>) => {
    context.df.setState(1);
  });
  orchestrator('calls', function* (df2) {
    for (let n = 0; n < Number(df2.getInput()); n += 1) yield df2.callActivity('echo', n);
    return 'done';
  });
  orchestrator('fans out', function* (df2) {
    const calls = Array.from({ length: Number(df2.getInput()) }, (_, n) =>
      df2.callActivity('echo', n),
    );
    return yield* attempt(df2.Task.all(calls));
  });
  orchestrator('races', function* (df2) {
    const calls = [1, 2, 3, 4, 5, 6].map((n) => df2.callActivity('echo', n));
    return calls.indexOf((yield df2.Task.any(calls)) as df.Task);
  });
  orchestrator('signals', function* (df2) {
    df2.setCustomStatus('signaling');
    for (let n = 0; n < Number(df2.getInput()); n += 1) df2.signalEntity(counter, 'touch');
    yield df2.callActivity('echo', 1);
    return 'done';
  });
  orchestrator('waits for a call, then signals', function* (df2) {
    const deadline = df2.createTimer(new Date(df2.currentUtcDateTime.getTime() + 4000));
    yield df2.Task.any([deadline, df2.callActivity('echo', 1)]);
    for (let n = 0; n < 4; n += 1) df2.signalEntity(counter, 'touch');
  });
  orchestrator('signals, then throws', function* (df2) {
    for (let n = 0; n < 6; n += 1) df2.signalEntity(counter, 'touch');
    yield* [];
    throw new Error('its own');
  });
  orchestrator('retries', function* (df2) {
    for (let n = 0; n < Number(df2.getInput()); n += 1) {
      yield* attempt(df2.callActivityWithRetry('throws', new df.RetryOptions(1000, 3)));
    }
    return 'done';
  });
  orchestrator('locks', function* (df2) {
    for (let n = 0; n < 2; n += 1) {
      const lock = yield* wait<{ release(): void }>(df2.lock(counter));
      yield df2.callEntity(counter, 'touch');
      lock.release();
    }
  });
  orchestrator('waits', function* (df2) {
    for (let n = 0; n < 7; n += 1) yield df2.waitForExternalEvent('go');
    return 'done';
  });
});

afterEach(async () => {
  await driver.engine.close(0);
});

describe('an orchestrator with as many actions as it may have', () => {
  test.each([
    ['calls', 5],
    ['retries', 5],
  ])('completes: %s', async (name, input) => {
    open('on');

    const { output } = await driver.run(name, input);

    expect(shown(output)).toBe('done');
  });

  test('may wait for any number of events', async () => {
    open('on');
    const id = await driver.start('waits');
    for (let n = 0; n < 7; n += 1) await driver.engine.raiseEvent(id, 'go', 'null');

    const { output } = await driver.ended(id);

    expect(shown(output)).toBe('done');
  });
});

describe('an orchestrator with more actions than it may have', () => {
  test.each([
    ['on', 'signals', 6],
    ['off', 'signals', 6],
    ['on', 'waits for a call, then signals', undefined],
    ['off', 'locks', undefined],
  ] as const)('fails where Azure does, strict %s: %s', async (strict, name, input) => {
    open(strict);

    const { runtimeStatus, output } = await driver.run(name, input);

    expect(runtimeStatus).toBe('Failed');
    expect(output).toBe(`Orchestrator function '${name}' failed: ${reached}`);
  });

  test('keeps its custom status, and sends what it sent before', async () => {
    open('off');

    const { instanceId, customStatus } = await driver.run('signals', 6);

    expect(shown(customStatus)).toBe('signaling');
    expect(await driver.historyTypes(instanceId)).toEqual([0, 14, 14, 14, 14, 14, 1]);
  });

  test('fails when what it still waits for has ended', async () => {
    open('off');
    const start = driver.clock.now();

    await driver.run('waits for a call, then signals');

    expect(driver.clock.now() - start).toBe(4000);
  });

  test('fails at the limit before its own error counts', async () => {
    open('off');

    const { output } = await driver.run('signals, then throws');

    expect(output).toBe(reached);
  });

  test.each([
    ['calls', 6],
    ['fans out', 6],
    ['retries', 6],
  ])('waits for ever as Azure does: %s', async (name, input) => {
    open('off');

    const id = await driver.start(name, input);

    await expect(driver.ended(id)).rejects.toThrow('Nothing more happens');
  });

  test('ends as on Azure when it does not need the call that was one too many', async () => {
    open('off');

    const { output } = await driver.run('races');

    expect(shown(output)).toBe(0);
  });

  test.each([
    ['calls', 6],
    ['fans out', 6],
    ['retries', 6],
    ['races', undefined],
  ])('is refused by name in strict mode: %s', async (name, input) => {
    open('on');

    const { runtimeStatus, output } = await driver.run(name, input);

    expect(runtimeStatus).toBe('Failed');
    expect(output).toBe(
      `Orchestrator function '${name}' failed: TooManyActions: ${reached} On Azure the orchestration then waits for ever. Spread the work over child orchestrations, or go on with continueAsNew.`,
    );
  });

  test('is refused at the standard limit before anything is scheduled', async () => {
    open('on', 100_000);

    const { instanceId, output } = await driver.run('fans out', 100_001);

    expect(output).toContain('Maximum amount of orchestration actions (100000) has been reached.');
    expect(await driver.historyTypes(instanceId)).toEqual([0, 1]);
  });
});
