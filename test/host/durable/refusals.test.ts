import * as df from 'durable-functions';

import { activity, attempt, orchestrator } from './support/define';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const reference = { $type: 'x', $ref: '1', more: 1 };
const unreadable = (path: string): string =>
  `Additional content found in JSON reference object. A JSON reference object should only have a $ref property. Path '${path}'.`;

let driver: Driver;

beforeAll(() => {
  activity('echo', (value) => value);
  orchestrator('says', function* (context) {
    context.setCustomStatus(context.getInput<{ status?: unknown }>().status);
    const { input } = context.getInput<{ input?: unknown }>();
    yield context.callActivity('echo', input);
    return context.getInput<{ output?: unknown }>().output;
  });
  orchestrator('gets', function* (context) {
    return yield* attempt(context.callActivity('makes a reference'));
  });
  activity('makes a reference', () => reference);
  orchestrator('signals nobody', function* (context) {
    context.signalEntity(new df.EntityId('nobody', 'k'), 'op');
    yield context.callActivity('echo', 1);
  });
  orchestrator('goes on and throws', function* (context) {
    yield context.callActivity('echo', 1);
    context.continueAsNew(1);
    throw new Error('too late');
  });
  orchestrator('throws no error', function* (context) {
    if (context.getInput() !== undefined) throw { code: 1 } as unknown as Error;
    yield context.waitForExternalEvent('never');
  });
  orchestrator('asks for a failing child', function* (context) {
    return yield* attempt(context.callSubOrchestrator('throws no error', null));
  });
  orchestrator('changes', function* (context) {
    if (!context.isReplaying) yield context.callActivity('echo', 'first');
    else yield context.callSubOrchestrator('says', { output: 1 }, 'new');
  });
});

beforeEach(() => {
  driver = new Driver({ strict: 'off' });
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

describe('JSON that .NET cannot read', () => {
  test.each([
    [
      'output',
      { output: reference },
      `One or more errors occurred. (${unreadable('output.more')})`,
    ],
    [
      'status',
      { status: reference },
      `One or more errors occurred. (${unreadable('customStatus.more')})`,
    ],
    ['input', { input: reference }, unreadable('actions[0][0].input.more')],
  ])('fails the orchestrator as %s', async (_, input, message) => {
    const { output } = await driver.run('says', input);

    expect(output).toBe(`Orchestrator function 'says' failed: ${message}`);
  });

  test.each([[[reference]], [{ in: reference }], [{ more: 1, $ref: '1' }], [{ $ref: '1' }]])(
    'is not %j',
    async (output) => {
      const ended = await driver.run('says', { output });

      expect([ended.runtimeStatus, shown(ended.output)]).toEqual(['Completed', output]);
    },
  );

  test('fails the activity that returned it', async () => {
    const { output } = await driver.run('gets');
    const [reason, details] = String(shown(output)).split(' \n ');

    expect(reason).toBe(
      `Activity function 'makes a reference' failed: ${unreadable('more').replace("'.", "', line 1, position 31.")}`,
    );
    expect(shown(details)).toMatchObject({
      $type: 'Newtonsoft.Json.JsonSerializationException, Newtonsoft.Json',
      Source: 'Newtonsoft.Json',
    });
  });
});

test('a signal to an unknown entity fails the orchestrator at once', async () => {
  const { output } = await driver.run('signals nobody');

  expect(output).toBe(
    "Orchestrator function 'signals nobody' failed: The function 'nobody' doesn't exist, is disabled, or is not an entity function. Additional info: No entity functions are currently registered!",
  );
  expect(driver.calls).toEqual([]);
});

describe('an error without a state that Azure reads', () => {
  test('fails an orchestrator that had done nothing', async () => {
    const { output } = await driver.run('throws no error');

    expect(output?.split('\n')[0]).toBe(
      "Orchestrator function 'throws no error' failed: One or more errors occurred. (Result: Failure",
    );
  });

  test('is a .NET exception for the parent', async () => {
    const { output } = await driver.run('asks for a failing child');

    expect(String(shown(output))).toMatch(/"ClassName":"System.AggregateException"/);
  });

  test('leaves nothing of what the orchestrator had done', async () => {
    const { output } = await driver.run('goes on and throws');

    expect(output).toMatch(/^Non-Deterministic workflow detected: .* name 'echo'/);
  });
});

test('an orchestrator that changed fails, and its new calls are made', async () => {
  const { instanceId, output } = await driver.run('changes');
  const types = await driver.historyTypes(instanceId);

  expect(output).toMatch(/^Non-Deterministic workflow detected/);
  expect(types).toEqual([0, 4, 5, 1]);
});
