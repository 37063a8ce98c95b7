import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { activity, orchestrator, wait } from './support/define';
import { Driver } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const folder = mkdtempSync(join(tmpdir(), 'durable-failure-'));
const ran: string[] = [];

beforeAll(() => {
  activity('note', (key: string) => ran.push(key));
  orchestrator('listens', function* (df) {
    const heard = yield* wait<string>(df.waitForExternalEvent('word'));
    yield df.callActivity('note', heard);
    return heard;
  });
});

afterEach(() => jest.restoreAllMocks());

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('reads the store again when it failed, and loses nothing that was acknowledged', async () => {
  const driver = new Driver({ databasePath: join(folder, 'a.db') });
  driver.engine.open();
  await driver.start('listens', undefined, { instanceId: 'x' });
  await driver.rest();

  await failOnce(() => driver.engine.raiseEvent('x', 'word', '"lost"'));
  const again = await eventually(() => driver.engine.raiseEvent('x', 'word', '"kept"'));
  const { output } = await eventually(() => driver.ended('x'));
  await driver.engine.close(100);

  expect([again, output, ran]).toEqual(['accepted', '"kept"', ['kept']]);
  expect(driver.logs[0]).toBe('error: The store failed (disk I/O error); reading it again.');
});

/** The next commit fails as it does when the disk does. */
async function failOnce(act: () => Promise<unknown>): Promise<void> {
  const error = Object.assign(new Error('disk I/O error'), { errcode: 10 });
  const promise = act();
  const run = jest.spyOn(statementPrototype(), 'run').mockImplementationOnce(() => {
    throw error;
  });
  await expect(promise).rejects.toThrow('disk I/O error');
  run.mockRestore();
}

function statementPrototype(): { run: () => unknown } {
  const database = new DatabaseSync(':memory:');
  const prototype = Object.getPrototypeOf(database.prepare('SELECT 1')) as { run: () => unknown };
  database.close();
  return prototype;
}

/** The engine reads its store again after a moment of the machine's time. */
async function eventually<Value>(act: () => Promise<Value>): Promise<Value> {
  const deadline = performance.now() + 5000;
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
