import type { DurableCall } from '../../../host/durable/engine';
import { Driver, shown } from './support/driver';
import { activity, orchestrator, wait } from './support/define';
import { invokeRegistered } from './support/worker';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const values: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  true: true,
  text: 'text',
  digits: '123',
  empty: '',
  zero: 0,
  float: 1.5,
  nan: NaN,
  big: 1e21,
  date: new Date(0),
  list: [1, 'two', null],
  bytes: new Uint8Array([97, 98, 99]),
  timestamp: { Timestamp: '2031-02-03T04:05:06.789Z' },
  reference: { $type: 'System.String', $ref: '1', x: 1 },
};

beforeAll(() => {
  activity('Echo', (value) => ({ type: typeof value, value }));
  activity('make', (kind: string) => values[kind]);
  orchestrator('sends', function* (df) {
    return yield* wait(df.callActivity('echo', values[df.getInput<string>()]));
  });
  orchestrator('receives', function* (df) {
    const value = yield* wait<unknown>(df.callActivity('make', df.getInput()));
    return { type: typeof value, value };
  });
  orchestrator('fan', function* (df) {
    const { count } = df.getInput<{ count: number }>();
    const tasks = Array.from({ length: count }, () => df.callActivity('echo', df.instanceId));
    return (yield* wait<unknown[]>(df.Task.all(tasks))).length;
  });
});

let driver: Driver;

beforeEach(() => {
  driver = new Driver({ strict: 'off' });
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

test.each([
  ['undefined', { type: 'undefined' }],
  ['null', { type: 'undefined' }],
  ['nan', { type: 'undefined' }],
  ['true', { type: 'string', value: 'True' }],
  ['text', { type: 'string', value: 'text' }],
  ['digits', { type: 'string', value: '123' }],
  ['empty', { type: 'string', value: '' }],
  ['zero', { type: 'number', value: 0 }],
  ['date', { type: 'string', value: '1970-01-01T00:00:00.000Z' }],
  ['list', { type: 'object', value: [1, 'two', null] }],
])('hands %s over as Azure does', async (kind, seen) => {
  const { output } = await driver.run('sends', kind);

  expect(shown(output)).toEqual(seen);
});

test.each([
  ['undefined', { type: 'object', value: null }],
  ['true', { type: 'boolean', value: true }],
  ['digits', { type: 'string', value: '123' }],
  ['nan', { type: 'string', value: 'NaN' }],
  ['big', { type: 'number', value: 3875820019684212700 }],
  ['bytes', { type: 'string', value: 'YWJj' }],
  ['float', { type: 'number', value: 1.5 }],
  ['timestamp', { type: 'object', value: { Timestamp: '2031-02-03T04:05:06.789Z' } }],
])('takes the result %s as Azure does', async (kind, seen) => {
  const { output } = await driver.run('receives', kind);

  expect(shown(output)).toEqual(seen);
});

test('fails where .NET takes an object for a reference', async () => {
  const sent = await driver.run('sends', 'reference');
  const received = await driver.run('receives', 'reference');

  expect(sent.output).toBe(
    "Orchestrator function 'sends' failed: Additional content found in JSON reference object. A JSON reference object should only have a $ref property. Path 'actions[0][0].input.x'.",
  );
  expect(received.output).toContain(
    "Activity function 'make' failed: Additional content found in JSON reference object. A JSON reference object should only have a $ref property. Path 'x', line 1, position 40.",
  );
});

test('runs no more activities at once than allowed', async () => {
  let [running, most] = [0, 0];
  await driver.engine.close(0);
  driver = new Driver({
    settings: { maxConcurrentActivityFunctions: 3 },
    invoke: limited(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return null;
    }),
  });
  driver.engine.open();

  const { output } = await driver.run('fan', { count: 20 });

  expect([output, most]).toEqual(['20', 3]);
});

test('lets a single call pass a large fan-out', async () => {
  const order: string[] = [];
  await driver.engine.close(0);
  driver = new Driver({
    settings: { maxConcurrentActivityFunctions: 1 },
    invoke: limited(async (instanceId) => {
      order.push(instanceId);
      await new Promise(setImmediate);
      return null;
    }),
  });
  driver.engine.open();

  await driver.start('fan', { count: 50 }, { instanceId: 'wide' });
  await driver.start('fan', { count: 1 }, { instanceId: 'narrow' });
  await driver.ended('wide');

  expect(order.indexOf('narrow')).toBeLessThan(6);
});

/** Orchestrators run as usual, activities as the test says. */
function limited(run: (instanceId: string) => Promise<unknown>) {
  return (call: DurableCall): Promise<unknown> =>
    call.kind === 'activity' ? run(call.instanceId) : Promise.resolve(invokeRegistered(call));
}
