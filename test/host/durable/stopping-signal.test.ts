import * as df from 'durable-functions';
import { activity, orchestrator, wait } from './support/define';
import { Driver } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

beforeAll(() => {
  activity('echo', (value) => value);
  orchestrator('signals nobody', function* (context) {
    context.signalEntity(new df.EntityId('nobody', 'k'), 'op');
    return yield* wait(context.callActivity('echo', 1));
  });
});

test('an orchestrator fails where it signals an entity that nobody registered, as on Azure', async () => {
  const driver = new Driver({ strict: 'off' });
  driver.engine.open();

  const { output } = await driver.run('signals nobody');
  const calls = driver.calls.length;
  await driver.engine.close(100);

  expect(output).toBe(
    "Orchestrator function 'signals nobody' failed: The function 'nobody' doesn't exist, is disabled, or is not an entity function. Additional info: No entity functions are currently registered!",
  );
  expect(calls).toBe(0);
});
