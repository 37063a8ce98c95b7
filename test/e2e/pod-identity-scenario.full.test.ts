import { freePortPair, startSteward, temporaryFolder } from './support/steward-process';
import { repeatedWritesIn } from './support/world';

jest.setTimeout(10 * 60_000);

async function run(folder: string, killAfterMs?: number) {
  const port = String(await freePortPair());
  const args = ['--scenario', 'pod-identity', '--once', '--data', folder, '--port', port];
  const process = startSteward(args);
  const timer = killAfterMs === undefined ? undefined : setTimeout(process.killHard, killAfterMs);
  const ended = await process.ended;
  clearTimeout(timer);
  return ended;
}

describe('npm start -- --scenario pod-identity', () => {
  it('migrates what can be, says why of the rest, and no pod is ever without a token', async () => {
    const folder = temporaryFolder();

    const { code, stdout } = await run(folder.path);

    expect(stdout).toContain('20 of 30 workloads migrated; the others need a person:');
    expect(stdout).toMatch(/web\/Deployment\/edge \(needs-input\): PSA_ENFORCE/);
    expect(stdout).toMatch(/\d{5,} token requests of their pods, 0 failed/);
    expect(code).toBe(0);
    folder.remove();
  });

  it('goes on where it was after kill -9, again and again', async () => {
    const folder = temporaryFolder();

    const signals = [];
    for (const killAfterMs of [4_000, 9_000, 6_000]) {
      signals.push((await run(folder.path, killAfterMs)).signal);
    }
    const { code, stdout } = await run(folder.path);

    expect(signals).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL']);
    expect(stdout).toContain('20 of 30 workloads migrated; the others need a person:');
    expect(stdout).toMatch(/token requests of their pods, 0 failed/);
    expect(code).toBe(0);
    expect(repeatedWritesIn(folder.path)).toEqual([]);
    folder.remove();
  });
});
