import * as df from 'durable-functions';
import { activity, attempt, firstLine, orchestrator, wait } from './support/define';
import { registeredNames } from './support/functions-core';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

class Quota extends Error {
  readonly code = 'QuotaExceeded';
}

const thrown: Readonly<Record<string, unknown>> = {
  error: new Error('plain error'),
  text: 'thrown text',
  object: { code: 42 },
  objectWithMessage: { message: 'no error', code: 9 },
  number: 17,
  quota: new Quota('too many'),
};

/** Throws anything, as JavaScript allows. */
function raise(value: unknown): never {
  throw value;
}

let driver: Driver;

beforeAll(() => {
  df.app.setExceptionPropertiesProvider({
    getExceptionProperties: (error) => (error instanceof Quota ? { code: error.code } : undefined),
  });
  activity('throws', (kind: string) => {
    throw thrown[kind];
  });
  activity('fine', () => 'fine');
  orchestrator('catches', function* (df) {
    return yield* attempt(df.callActivity('throws', df.getInput()));
  });
  orchestrator('passes on', function* (df) {
    return yield* wait(df.callActivity('throws', df.getInput()));
  });
  orchestrator('structured', function* (df) {
    try {
      return yield* wait(df.callActivity('throws', 'quota'));
    } catch (error) {
      const { failureDetails } = error as { failureDetails?: { properties?: unknown } };
      return failureDetails?.properties;
    }
  });
  orchestrator('own', function* (df) {
    if (df.getInput() === null) yield df.callActivity('fine');
    return raise(df.getInput() === 'error' ? new Error('of its own') : df.getInput());
  });
  orchestrator('no generator', () => raise(new Error('at once')));
  orchestrator('bad yield', function* () {
    yield 5 as never;
    return 'unreachable';
  });
  orchestrator('parent', function* (df) {
    return yield* attempt(df.callSubOrchestrator('own', 'error'));
  });
  orchestrator('many', function* (df) {
    const tasks = ['fine', 'throws', 'fine'].map((name) => df.callActivity(name, 'error'));
    const first = firstLine(yield* attempt(df.Task.all(tasks)));
    return { first, then: yield* wait(df.callActivity('fine')) };
  });
});

beforeEach(() => {
  driver = new Driver({ strict: 'off' });
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

test.each([
  ['error', "Activity function 'throws' failed: plain error"],
  ['text', "Activity function 'throws' failed: thrown text"],
  ['object', `Activity function 'throws' failed: {"code":42}`],
  ['objectWithMessage', `Activity function 'throws' failed: {"message":"no error","code":9}`],
  ['number', "Activity function 'throws' failed: 17"],
])('tells the orchestrator what an activity threw (%s)', async (kind, message) => {
  const { output } = await driver.run('catches', kind);

  expect(firstLine(shown(output))).toBe(message);
});

test('takes throwing nothing for success, as Azure does', async () => {
  const { runtimeStatus, output } = await driver.run('catches', 'nothing');

  expect([runtimeStatus, output]).toEqual(['Completed', 'null']);
});

test('hands over the properties that the app names', async () => {
  const { output } = await driver.run('structured');

  expect(shown(output)).toEqual({ code: 'QuotaExceeded' });
});

test('fails with the failure that nobody caught', async () => {
  const { runtimeStatus, output } = await driver.run('passes on', 'error');

  expect([runtimeStatus, firstLine(output)]).toEqual([
    'Failed',
    "Orchestrator function 'passes on' failed: Activity function 'throws' failed: plain error",
  ]);
});

test('fails with what the orchestrator threw itself', async () => {
  const { output } = await driver.run('own', 'error');

  expect(output).toBe("Orchestrator function 'own' failed: of its own");
});

test('shows the unreadable text of Azure when the orchestrator threw no Error', async () => {
  const { runtimeStatus, output } = await driver.run('own', 'text');

  expect(runtimeStatus).toBe('Failed');
  expect(output).toMatch(
    /^Orchestrator function 'own' failed: One or more errors occurred\. \(Result: Failure\nException: false/,
  );
});

test('takes no decisions from a failure that has no text', async () => {
  const { runtimeStatus, output } = await driver.run('own');

  expect(runtimeStatus).toBe('Failed');
  expect(output).toMatch(
    /^Non-Deterministic workflow detected: A previous execution of this orchestration scheduled an activity task with sequence ID 0 and name 'fine'/,
  );
});

test('shows the whole report of the worker when a function is no generator', async () => {
  const { output } = await driver.run('no generator');

  expect(output).toMatch(
    /^Orchestrator function 'no generator' failed: One or more errors occurred\. \(Result: Failure\nException: at once\nStack: Error: at once\n/,
  );
});

test('says in the history that a failure with properties was not handled', async () => {
  const { instanceId } = await driver.run('structured');

  const history = await driver.engine.history(instanceId);

  const failed = history.find(({ EventType }) => EventType === 6);
  expect(failed?.['Reason']).toBe("Activity function 'throws' failed with an unhandled exception.");
});

test('fails when something other than a task is yielded', async () => {
  const { output } = await driver.run('bad yield');

  expect(output).toContain('Orchestration yielded data of type number.');
});

test("tells a parent its child's failure", async () => {
  const { output } = await driver.run('parent');

  expect(firstLine(shown(output))).toBe("Orchestrator function 'own' failed: of its own");
});

test('goes on after a failed Task.all once all its members have ended', async () => {
  const { instanceId, output } = await driver.run('many');

  expect(shown(output)).toEqual({
    first: "Activity function 'throws' failed: plain error",
    then: 'fine',
  });
  expect(await driver.historyTypes(instanceId)).toEqual([0, 4, 4, 4, 6, 5, 5, 4, 5, 1]);
});

test('fails an instance whose function is not registered', async () => {
  const { runtimeStatus, output } = await driver.run('nobody');

  const known = registeredNames('orchestration').map((name) => `'${name}'`);
  expect([runtimeStatus, output]).toEqual([
    'Failed',
    `Orchestrator function 'nobody' failed: The function 'nobody' doesn't exist, is disabled, or is not an orchestrator function. Additional info: The following are the known orchestrator functions: ${known.join(', ')}.`,
  ]);
});

test('keeps one broken instance from stopping the others', async () => {
  await driver.engine.close(0);
  driver = new Driver({
    invoke: (call) =>
      call.instanceId === 'broken'
        ? Promise.resolve({ isDone: true, actions: [[null]] })
        : Promise.resolve({ isDone: true, actions: [[]], output: 'fine' }),
  });
  driver.engine.open();

  await driver.start('own', undefined, { instanceId: 'broken' });
  const { output } = await driver.run('own', undefined, { instanceId: 'sound' });

  expect(output).toBe('"fine"');
  expect(driver.logs.join()).toMatch(/error: Instance \d+ cannot be run/);
});
