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
    let killed = 0;
    while (killed < kills)
      if ((await run(rough.path, momentOf(killed))).signal === 'SIGKILL') killed += 1;
    const last = await run(rough.path);

    expect(undisturbed.code).toBe(0);
    expect(last).toMatchObject({ code: 0, stderr: '' });
    expect(endState(worldIn(rough.path))).toEqual(endState(worldIn(calm.path)));
    expect(repeatedWritesIn(rough.path)).toEqual([]);
    expect(acceptedWrites(rough.path)).toEqual(acceptedWrites(calm.path));
    calm.remove();
    rough.remove();
  });
});

/** From the first second, when everything starts, to well into the rolls; the moments differ each time. */
function momentOf(kill: number): number {
  return 600 + Math.random() * (kill % 2 === 0 ? 1_200 : 3_500);
}

async function run(folder: string, killAfterMs?: number): Promise<Ended> {
  const port = String(await freePortPair());
  const process = startSteward(['--once', '--clusters', '25', '--data', folder, '--port', port]);
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
