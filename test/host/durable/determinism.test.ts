import { activity, orchestrator, wait } from './support/define';
import { Driver } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

let called = 0;

beforeAll(() => {
  activity('echo', (value) => value);
  orchestrator('counts its own calls', function* (df) {
    called += 1;
    return yield* wait(df.callActivity('echo', called));
  });
});

test('an orchestrator that does not decide the same twice is found out', async () => {
  const driver = new Driver();
  driver.engine.open();

  const running = driver.run('counts its own calls');

  await expect(running).rejects.toThrow(
    /decided otherwise when repeated:[^]*"input":1[^]*"input":2/,
  );
  await driver.engine.close(100);
});
