import * as df from 'durable-functions';
import { Driver, shown } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

let driver: Driver;

beforeAll(() => {
  df.app.activity('double', { handler: (n: number) => n * 2 });
  df.app.orchestration('chain', function* (context) {
    const first: number = yield context.df.callActivity('double', 1);
    const second: number = yield context.df.callActivity('double', first);
    return { second };
  });
});

beforeEach(() => {
  driver = new Driver();
  driver.engine.open();
});

afterEach(() => driver.engine.close(100));

test('runs a chain of activities', async () => {
  const { runtimeStatus, output } = await driver.run('chain');

  expect([runtimeStatus, shown(output)]).toEqual(['Completed', { second: 4 }]);
});
