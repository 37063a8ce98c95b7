import * as df from 'durable-functions';
import { defaultSettings } from '../../../host/durable/contract';
import { activity, orchestrator, wait } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const limit = 4;
const refusal =
  'Maximum amount of orchestration actions (4) has been reached. This value can be configured in host.json file as MaxOrchestrationActions.';

let driver: Driver;

beforeAll(() => {
  activity('echo', (value) => value);
  df.app.entity('counter', (context) => {
    context.df.setState(Number(context.df.getState(() => 0)) + 1);
  });
  orchestrator('at once', function* (df) {
    const width = Number(df.getInput());
    const tasks = Array.from({ length: width }, (_, n) => df.callActivity('echo', n));
    return (yield* wait<unknown[]>(df.Task.all(tasks))).length;
  });
  orchestrator('in turn', function* (df) {
    for (let n = 0; n < Number(df.getInput()); n += 1) yield df.callActivity('echo', n);
    return 'done';
  });
  orchestrator('listens', function* (df) {
    for (let n = 0; n < Number(df.getInput()); n += 1) yield df.waitForExternalEvent('e');
    return 'done';
  });
  orchestrator('signals', function* (context) {
    const counter = new df.EntityId('counter', 'of-signals');
    for (let n = 0; n < Number(context.getInput()); n += 1) context.signalEntity(counter, 'add');
    return yield* wait(context.callActivity('echo', 'done'));
  });
});

beforeEach(() => {
  driver = new Driver({ settings: { ...defaultSettings, maxOrchestrationActions: limit } });
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

test.each([
  ['at once', limit, limit],
  ['in turn', limit, 'done'],
  ['signals', limit - 1, 'done'],
])('lets an orchestration ask for as much as is allowed: %s', async (name, input, result) => {
  const { output } = await driver.run(name, input);

  expect(shown(output)).toBe(result);
});

test.each(['at once', 'in turn', 'signals'])(
  'fails an orchestration that asks for more, and names the limit: %s',
  async (name) => {
    const { runtimeStatus, output } = await driver.run(name, limit + 1);

    expect(runtimeStatus).toBe('Failed');
    expect(output).toBe(`Orchestrator function '${name}' failed: ${refusal}`);
  },
);

test('does not count waits for events', async () => {
  const id = await driver.start('listens', limit + 1);
  for (let n = 0; n <= limit; n += 1) await driver.engine.raiseEvent(id, 'e', 'null');

  const { output } = await driver.ended(id);

  expect(shown(output)).toBe('done');
});

test('sends the signals that came before the limit', async () => {
  await driver.run('signals', limit + 1);
  await driver.rest();

  const counter = await driver.engine.readEntity({ name: 'counter', key: 'of-signals' });

  expect(counter?.state).toBe(String(limit));
});
