import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { eventually, freePortPair, startSteward, temporaryFolder } from './support/steward-process';
import { callsIn, endState, repeatedWritesIn, worldIn } from './support/world';

jest.setTimeout(120_000);

interface Summary {
  readonly clusters: number;
  readonly inOrder: number;
  readonly changed: number;
  readonly failed: readonly unknown[];
  readonly armCalls: number;
  readonly armWrites: number;
  readonly wallSeconds: number;
  readonly simulatedSeconds: number;
}

describe('npm start -- --once', () => {
  it('brings a fleet in order, says so, and does nothing more when it is started again', async () => {
    const folder = temporaryFolder();
    const args = ['--once', '--json', '--clusters', '4', '--speed', '600', '--data', folder.path];
    const first = await startSteward([...args, '--port', String(await freePortPair())]).ended;
    const writesOfFirst = writesIn(folder.path);
    const second = await startSteward([...args, '--port', String(await freePortPair())]).ended;

    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(summaryOf(first.stdout)).toMatchObject({ clusters: 4, inOrder: 4, failed: [] });
    expect(summaryOf(first.stdout).armWrites).toBeGreaterThan(4);
    expect(first.stdout).toMatch(/somebody else rolls a node pool of aks-/);
    expect(first.stdout).toMatch(/event about aks-\S+ handled/);
    expect(first.stdout).toMatch(/scheduled sweep handled: 4 clusters/);
    expect(second.code).toBe(0);
    expect(writesIn(folder.path)).toEqual(writesOfFirst);
    for (const state of clusterStates(folder.path)) {
      expect(state).toMatchObject({ clientId: 'msi', state: 'Succeeded', podIdentity: false });
    }
    folder.remove();
  });

  it('makes the same fleet and the same end of the same seed', async () => {
    const ends = [];
    while (ends.length < 2) {
      const folder = temporaryFolder();
      const port = String(await freePortPair());
      const args = ['--once', '--clusters', '3', '--seed', '7', '--speed', '600', '--port', port];
      const { code } = await startSteward([...args, '--data', folder.path]).ended;
      ends.push({ code, state: endState(worldIn(folder.path)) });
      folder.remove();
    }

    expect(ends[0]).toEqual(ends[1]);
    expect(ends[0]?.code).toBe(0);
  });

  it('stops at Ctrl-C with everything kept, and goes on with the same folder, at another port', async () => {
    const folder = temporaryFolder();
    const args = ['--once', '--clusters', '3', '--speed', '300', '--data', folder.path];
    const steward = startSteward([...args, '--port', String(await freePortPair())]);
    await eventually(() => /createIdentity|assignRoles/.exec(steward.output()));
    steward.signal('SIGINT');
    const stopped = await steward.ended;
    const resumed = await startSteward([...args, '--port', String(await freePortPair())]).ended;

    expect(stopped).toMatchObject({ code: 130, stderr: '' });
    expect(resumed.stdout).toMatch(/^Going on with/);
    expect(resumed.stdout).toMatch(/event about .* handled/);
    expect(resumed.code).toBe(0);
    expect(repeatedWritesIn(folder.path)).toEqual([]);
    folder.remove();
  });
});

describe('npm start -- --once --bundle', () => {
  it('runs what is in the deployable zip, with no installed package in reach', async () => {
    const folder = temporaryFolder();
    const port = String(await freePortPair());
    const args = ['--once', '--json', '--bundle', '--clusters', '2', '--speed', '600'];
    const steward = startSteward([...args, '--port', port, '--data', folder.path]);
    const [, app = ''] = await eventually(() =>
      /The app is what \.deploy\.zip holds, unpacked to (\S+)\.$/m.exec(steward.output()),
    );
    const unpacked = readdirSync(app);
    const { code, stdout, stderr } = await steward.ended;

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(summaryOf(stdout)).toMatchObject({ clusters: 2, inOrder: 2, failed: [] });
    expect(unpacked.sort()).toEqual(expect.arrayContaining(['host.json', 'index.mjs']));
    expect(() => createRequire(join(app, 'index.mjs')).resolve('zod')).toThrow(
      /Cannot find module/,
    );
    expect(existsSync(app)).toBe(false);
    folder.remove();
  });
});

describe('npm start with a cluster that was created meanwhile', () => {
  it('goes on with the same folder, that cluster included', async () => {
    const folder = temporaryFolder();
    const port = await freePortPair();
    const args = ['--clusters', '2', '--speed', '600', '--data', folder.path];
    const steward = startSteward([...args, '--port', String(port)]);
    await eventually(() => /Still serving/.exec(steward.output()), { seconds: 60 });
    const world = async () =>
      (await (await fetch(`http://127.0.0.1:${port + 1}/_simulator/world`)).json()) as object;
    const [one = ''] = Object.keys(await world()).filter((id) =>
      /\/managedclusters\/[^/]+$/.test(id),
    );
    const cluster = one.replace(/[^/]+$/, 'aks-new');
    const pools = [{ name: 'sys', vmSize: 'Standard_D4ds_v5' }];
    const create = { cluster, location: 'westeurope', pools };
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/clusters`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-functions-key': /x-functions-key: ([^']+)'/.exec(steward.output())?.[1] ?? '',
      },
      body: JSON.stringify({ create, mode: 'apply' }),
    });
    await eventually(async () => (cluster in (await world()) ? true : undefined), { seconds: 60 });
    steward.signal('SIGKILL');
    await steward.ended;

    const again = await startSteward([...args, '--once', '--port', String(await freePortPair())])
      .ended;

    expect(answer.status).toBe(202);
    expect(again.stderr).toBe('');
    expect(again.stdout).toMatch(/3 of 3 clusters in order/);
    expect(again.code).toBe(0);
    expect(repeatedWritesIn(folder.path)).toEqual([]);
    folder.remove();
  });
});

describe('the command line of npm start', () => {
  it.each([
    [['--clusters', 'many'], "--clusters is 'many'; it must be a whole number from 1 to 10000."],
    [['--speed', '0'], "--speed is '0'; it must be a number from 1 to 10000."],
    [['--port', '70000'], "--port is '70000'; it must be a whole number from 1 to 65534."],
    [['--color'], "Unknown option '--color'."],
  ])('refuses %j in one sentence', async (args, message) => {
    const { code, stderr, stdout } = await startSteward(args).ended;

    expect(stderr.split('\n')[0]).toBe(message);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });

  it('says in one line that a folder cannot be used', async () => {
    const { code, stderr } = await startSteward(['--data', '/dev/null/fleet']).ended;

    expect(stderr).toMatch(
      /^Nothing can be kept in \/dev\/null\/fleet \(.*\): name another --data\.\n$/,
    );
    expect(code).toBe(2);
  });

  it('does not mix two fleets in one folder', async () => {
    const folder = temporaryFolder();
    const args = ['--once', '--speed', '2000', '--data', folder.path];
    const port = String(await freePortPair());
    await startSteward([...args, '--clusters', '1', '--port', port]).ended;

    const { code, stderr } = await startSteward([...args, '--clusters', '2', '--port', port]).ended;

    expect(stderr).toBe(
      `${folder.path} holds a fleet of 1 clusters with seed 1: start with --clusters 1 --seed 1, or name another --data.\n`,
    );
    expect(code).toBe(2);
    folder.remove();
  });

  it('says in one line that the port or the folder is taken, and leaves both alone', async () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    const port = String(await freePortPair());
    const args = ['--clusters', '1', '--speed', '1000', '--port', port];
    const running = startSteward([...args, '--data', one.path]);
    await eventually(() => /Still serving/.exec(running.output()) ?? undefined, {
      seconds: 60,
    });

    const { code, stderr } = await startSteward([...args, '--data', two.path]).ended;

    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/port \d+ is in use/i);
    expect(code).toBe(1);
    const other = ['--clusters', '1', '--port', String(await freePortPair())];
    const sameFolder = await startSteward([...other, '--data', one.path]).ended;
    expect(sameFolder.stderr.trim().split('\n')).toHaveLength(1);
    expect(sameFolder.stderr).toMatch(/is in use by another/);
    expect(sameFolder.code).toBe(1);
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(0);
    expect(existsSync(join(one.path, 'steward.log'))).toBe(true);
    expect(readFileSync(join(one.path, 'steward.log'), 'utf8')).not.toMatch(
      /x-functions-key|code=/,
    );
    for (const folder of [one, two]) folder.remove();
  });
});

function summaryOf(stdout: string): Summary {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Summary;
}

/** Accepted writes of Steward, in order: everything it has changed. */
function writesIn(folder: string): readonly string[] {
  return callsIn(folder)
    .filter(
      ({ principal, target, status }) =>
        isSteward(principal) && target !== null && Number(status) < 300,
    )
    .map(({ method, path }) => `${String(method)} ${String(path)}`);
}

function isSteward(principal: unknown): boolean {
  return principal === '5e000000-0000-4000-8000-000000005e0d';
}

function clusterStates(folder: string): readonly unknown[] {
  return Object.entries(endState(worldIn(folder)))
    .filter(([id]) => /\/managedclusters\/[^/]+$/.test(id))
    .map(([, state]) => state);
}
