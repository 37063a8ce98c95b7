import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../../../host/durable/store/database';
import { Facade } from '../../../host/durable/facade';
import type { Upkeep } from '../../../host/durable/store/upkeep';
import { activity, orchestrator } from './support/define';
import { Driver } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const day = 86_400_000;
let folder: string;
let path: string;
let database: DatabaseSync;
let driver: Driver;
let upkeep: Upkeep;

beforeAll(() => {
  activity('echo', (text: string) => text);
  orchestrator('ends', function* (df) {
    return yield df.callActivity('echo', df.getInput());
  });
  orchestrator('waits', function* (df) {
    yield df.callSubOrchestrator('ends', { n: 1 }, 'child-of-live');
    return yield df.waitForExternalEvent('go');
  });
});

/** An engine whose upkeep the test runs. */
function open(purgeAfterMs?: number): void {
  folder = mkdtempSync(join(tmpdir(), 'durable-upkeep-'));
  path = join(folder, 'durable.db');
  database = openDatabase(path);
  driver = new Driver({
    ...(purgeAfterMs === undefined ? {} : { purgeAfterMs }),
    open: (options) => {
      const facade = new Facade(options, database);
      ({ upkeep } = facade);
      return facade;
    },
  });
  driver.engine.open();
}

afterEach(async () => {
  await driver.engine.close(100);
  rmSync(folder, { recursive: true, force: true });
});

async function startMany(count: number, size: number): Promise<void> {
  const input = 'x'.repeat(size);
  const start = (index: number) => driver.start('ends', input, { instanceId: `old-${index}` });
  await Promise.all(Array.from({ length: count }, (_, index) => start(index)));
  await driver.rest();
}

async function ids(): Promise<string[]> {
  const { instances } = await driver.engine.query({ top: 10_000 });
  return instances.map(({ instanceId }) => instanceId);
}

describe('upkeep of the store', () => {
  it('removes what ended long ago, and neither live instances nor their children', async () => {
    open(30 * day);
    await startMany(250, 10);
    await driver.start('waits', undefined, { instanceId: 'live' });
    await driver.rest();
    driver.clock.moveTo(driver.clock.now() + 31 * day);
    await driver.start('ends', undefined, { instanceId: 'fresh' });
    await driver.rest();

    await upkeep.run();

    expect(await ids()).toEqual(['child-of-live', 'fresh', 'live']);
    expect(driver.logs).toEqual([
      'information: Purged 250 orchestrations that ended long enough ago.',
    ]);
  }, 30_000);

  it('removes nothing unless it is told to', async () => {
    open();
    await startMany(3, 10);
    driver.clock.moveTo(driver.clock.now() + 5000 * day);

    await upkeep.run();

    expect(await ids()).toHaveLength(3);
    expect(driver.logs).toEqual([]);
  }, 30_000);

  it('gives the space of what was removed back, while the work goes on', async () => {
    open();
    await startMany(400, 8000);
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    const before = statSync(path).size;
    await driver.engine.purgeWhere({ createdFrom: 0 });

    const running = upkeep.run();
    const meanwhile = await driver.run('ends', 'still served');
    await running;
    await driver.rest();
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');

    expect(meanwhile.output).toBe('"still served"');
    expect(before).toBeGreaterThan(3_000_000);
    expect(statSync(path).size).toBeLessThan(before / 10);
    expect(driver.logs).toEqual([
      expect.stringMatching(/^information: The store gave back \d+ KB/),
    ]);
  }, 30_000);
});
