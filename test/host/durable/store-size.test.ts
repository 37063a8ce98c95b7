import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activity, orchestrator, wait } from './support/define';
import { Driver } from './support/driver';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

let folder: string;
let path: string;

beforeAll(() => {
  activity('add', ({ value }: { value: number }) => ({ value: value + 1 }));
  orchestrator('chain', function* (df) {
    let result = { value: 0 };
    const { steps } = df.getInput<{ steps: number }>();
    for (let step = 0; step < steps; step += 1) {
      result = yield* wait<{ value: number }>(df.callActivity('add', result));
    }
    return result;
  });
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durable-size-'));
  path = join(folder, 'durable.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Bytes of the store once it is closed. */
async function bytes(chains: number, steps: number): Promise<number> {
  const driver = new Driver({ databasePath: path });
  driver.engine.open();
  const ids = await Promise.all(
    Array.from({ length: chains }, () => driver.start('chain', { steps })),
  );
  for (const id of ids) await driver.ended(id);
  await driver.engine.close(100);
  return statSync(path).size;
}

describe('the space that a store takes', () => {
  it('is at most 4 KB for an orchestration with five activities', async () => {
    const store = await bytes(300, 5);

    expect(store / 300).toBeLessThan(4096);
  }, 30_000);

  it('is at most 600 bytes for a step of a long chain', async () => {
    const store = await bytes(1, 300);

    expect(store / 300).toBeLessThan(600);
  }, 30_000);

  it('stays bounded for the log that is written before the file', async () => {
    const driver = new Driver({ databasePath: path });
    driver.engine.open();
    const padding = 'x'.repeat(500_000);

    const sizes = [];
    for (let index = 0; index < 80; index += 1) {
      await driver.start('chain', { steps: 0, padding });
      await driver.rest();
      sizes.push(statSync(`${path}-wal`).size);
    }
    await driver.engine.close(100);

    expect(statSync(path).size).toBeGreaterThan(40_000_000);
    expect(Math.max(...sizes)).toBeLessThan(20_000_000);
  }, 30_000);
});
