import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import type { DurableCall } from '../../../host/durable/engine';
import { expectations } from './support/app';
import { Driver, shown } from './support/driver';
import { ManualClock } from './support/manual-clock';
import { invokeRegistered } from './support/worker';

jest.mock('@azure/functions-core', () => jest.requireActual<object>('./support/functions-core'), {
  virtual: true,
});

const folder = mkdtempSync(join(tmpdir(), 'durable-crash-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a process killed at any moment', () => {
  const child = join(folder, 'child.cjs');
  const sets = 8;
  const kills = process.env['STEWARD_FULL'] === '1' ? 120 : 16;

  beforeAll(() =>
    build({
      entryPoints: [join(__dirname, 'support/crash-child.ts')],
      outfile: child,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node22',
      alias: { '@azure/functions-core': join(__dirname, 'support/functions-core.ts') },
      logLevel: 'error',
    }),
  );

  function start(database: string, log: string) {
    const args = [child, database, log, String(Date.now()), String(sets)];
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  test('loses nothing and repeats no step whose result was kept', async () => {
    const [database, log] = [join(folder, 'kill.db'), join(folder, 'kill.log')];
    for (let kill = 0; kill < kills; kill += 1) {
      const victim = start(database, log);
      const ended = once(victim, 'exit');
      await Promise.race([once(victim.stdout, 'data'), ended]);
      await sleep(2 + ((kill * 13) % 60));
      victim.kill('SIGKILL');
      await ended;
    }
    const last = start(database, log);
    const [code] = (await once(last, 'exit')) as [number | null];
    const driver = new Driver({ databasePath: database });

    const records = await Promise.all(
      wanted(sets).map(async ({ id }) => [id, await driver.engine.status(id)] as const),
    );
    const balances = await Promise.all(
      ['left', 'right'].map((key) => driver.engine.readEntity({ name: 'account', key })),
    );
    await driver.engine.close(0);

    expect(code).toBe(0);
    expect(Object.fromEntries(records.map(([id, record]) => [id, shown(record?.output)]))).toEqual(
      Object.fromEntries(wanted(sets).map(({ id, output }) => [id, output])),
    );
    expect(balances.map((entity) => entity?.state)).toEqual([
      String(100 - 10 * sets),
      String(100 + 10 * sets),
    ]);
    expect(repeatedSteps(readFileSync(log, 'utf8'))).toEqual([]);
    expect(
      forgottenStarts(
        readFileSync(log, 'utf8'),
        wanted(sets).map(({ id }) => id),
      ),
    ).toEqual([]);
  }, 180_000);
});

function wanted(sets: number) {
  return Array.from({ length: sets }, (_, set) => expectations(`s${set}`)).flat();
}

/** Steps that ran although the store had their result when the process began. */
function repeatedSteps(log: string): string[] {
  const done = new Set<string>();
  return log.split('\n').filter((line) => {
    const [word, key = ''] = line.split(' ');
    if (word === 'done') done.add(key);
    return word === 'run' && done.has(key);
  });
}

/** Instances whose start was acknowledged twice: the first one was lost. */
function forgottenStarts(log: string, ids: readonly string[]): string[] {
  const accepted = log.split('\n').filter((line) => line.startsWith('accepted '));
  return ids.filter((id) => accepted.filter((line) => line === `accepted ${id}`).length > 1);
}

describe('a store as it was after any commit', () => {
  test.each(
    expectations('x').map((expectation) => [expectation.functionName, expectation] as const),
  )('leads %s to the same end', async (_name, expectation) => {
    const snapshots = await runTakingSnapshots(expectation);

    const outputs = await Promise.all(snapshots.map((path) => finish(path, expectation)));

    expect(snapshots.length).toBeGreaterThan(2);
    expect(outputs).toEqual(snapshots.map(() => expectation.output));
  });

  type Expectation = ReturnType<typeof expectations>[number];

  async function runTakingSnapshots(expectation: Expectation): Promise<string[]> {
    const path = join(folder, `${expectation.functionName}.db`);
    const driver = new Driver({
      databasePath: path,
      settings: { maxConcurrentActivityFunctions: 2 },
      invoke: slowly,
    });
    const snapshots: string[] = [];
    let seen = '';
    const snapshot = (): void => {
      const stamp = [path, `${path}-wal`].map(fingerprint).join();
      if (stamp === seen) return;
      seen = stamp;
      const copy = `${path}.${snapshots.length}`;
      copyFileSync(path, copy);
      if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
      snapshots.push(copy);
    };
    driver.engine.open();
    await begin(driver, expectation);
    snapshot();
    driver.onTurn = snapshot;
    await driver.ended(expectation.id);
    await driver.engine.close(0);
    return snapshots;
  }

  async function begin(driver: Driver, expectation: Expectation): Promise<void> {
    await driver.start(expectation.functionName, expectation.input, { instanceId: expectation.id });
    for (const word of expectation.functionName === 'listens' ? ['a', 'b', 'c'] : []) {
      await driver.engine.raiseEvent(expectation.id, 'word', JSON.stringify(word));
    }
  }

  async function finish(path: string, expectation: Expectation): Promise<unknown> {
    const driver = new Driver({ databasePath: path, clock: new ManualClock() });
    driver.engine.open();
    const { output } = await driver.ended(expectation.id);
    await driver.engine.close(0);
    return shown(output);
  }

  /** Results come apart, so that there are commits between them. */
  async function slowly(call: DurableCall): Promise<unknown> {
    await new Promise(setImmediate);
    return invokeRegistered(call);
  }

  function fingerprint(path: string): string {
    if (!existsSync(path)) return 'none';
    const { size, mtimeMs } = statSync(path, { bigint: false });
    return `${size}/${mtimeMs}`;
  }
});
