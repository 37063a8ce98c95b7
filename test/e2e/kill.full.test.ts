import { freePortPair, startSteward, temporaryFolder } from './support/steward-process';
import type { Ended } from './support/steward-process';
import { callsIn, endState, repeatedWritesIn, worldIn } from './support/world';

jest.setTimeout(15 * 60_000);

const kills = 20;
const steward = '5e000000-0000-4000-8000-000000005e0d';

describe('npm start under kill -9', () => {
  it(`ends in the same fleet after ${kills} kills at random moments, with no write repeated`, async () => {
    const calm = temporaryFolder();
    const rough = temporaryFolder();

    const undisturbed = await run(calm.path);
    const signals = [];
    for (let kill = 0; kill < kills; kill += 1) {
      signals.push((await run(rough.path, momentOf(kill))).signal);
    }
    const last = await run(rough.path);

    expect(undisturbed.code).toBe(0);
    expect(signals).toEqual(Array.from({ length: kills }, () => 'SIGKILL'));
    expect(last).toMatchObject({ code: 0, stderr: '' });
    expect(endState(worldIn(rough.path))).toEqual(endState(worldIn(calm.path)));
    expect(repeatedWritesIn(rough.path)).toEqual([]);
    expect(acceptedWrites(rough.path)).toEqual(acceptedWrites(calm.path));
    calm.remove();
    rough.remove();
  });
});

/** While everything starts, in every second kill; else well into the steps. Never the same moment twice. */
function momentOf(kill: number): number {
  return 500 + Math.random() * (kill % 2 === 0 ? 900 : 2_500);
}

// Slow enough that the fleet is not in order before the last kill.
const speed = '100';

async function run(folder: string, killAfterMs?: number): Promise<Ended> {
  const port = String(await freePortPair());
  const args = ['--once', '--clusters', '25', '--speed', speed, '--data', folder];
  const process = startSteward([...args, '--port', port]);
  const timer = killAfterMs === undefined ? undefined : setTimeout(process.killHard, killAfterMs);
  const ended = await process.ended;
  clearTimeout(timer);
  return ended;
}

/** What Steward has written, each once, in no order: runs of many clusters interleave differently. */
function acceptedWrites(folder: string): readonly string[] {
  return callsIn(folder)
    .filter(
      ({ principal, target, status }) =>
        principal === steward && target !== null && Number(status) < 300,
    )
    .map(({ method, path }) => `${String(method)} ${withoutNames(String(path).toLowerCase())}`)
    .sort();
}

/** Names of role assignments follow from principals, which a fresh identity draws anew. */
function withoutNames(path: string): string {
  return path.replace(/(?<=\/roleassignments\/)[0-9a-f-]{36}$/, '{name}');
}
