import { eventually } from './support/steward-process';
import { startTwoProcesses } from './support/two-processes';
import type { TwoProcesses } from './support/two-processes';
import { endState } from './support/world';

jest.setTimeout(60_000);

describe('npm run azure and npm run host, started by themselves', () => {
  let steward: TwoProcesses;
  beforeAll(async () => {
    steward = await startTwoProcesses('fleet-25.json', 300);
  });
  afterAll(async () => {
    expect(await steward.stop()).toEqual([0, 0]);
  });

  it('bring a cluster in order for a plain HTTP client, though Azure is killed on the way', async () => {
    const { control, writes } = steward;
    const cluster = await oldestOf(steward);
    await control('PATCH', 'behaviour', { poolRollMinutes: { base: 2, perBatch: 1 } });

    const answer = await steward.onboard([cluster]);
    const location = answer.headers.get('location') ?? '';
    await eventually(async () => (await writes()).find(isClusterWrite));
    await steward.restartAzure();
    const run = await steward.end(location);

    expect(answer.status).toBe(202);
    expect(location).toMatch(/^\/api\/v1\/runs\/run_[0-9A-Z]{26}$/);
    expect(run).toMatchObject({ state: 'succeeded', failure: null });
    const world = (await control('GET', 'world')) as Parameters<typeof endState>[0];
    expect(endState(world)[cluster]).toMatchObject({ clientId: 'msi', state: 'Succeeded' });
    expect((await writes()).filter(isClusterWrite)).toHaveLength(1);
    expect((await control('GET', 'calls?summary=true'))['repeatedWrites']).toEqual([]);
  });
});

function isClusterWrite({ operation }: { readonly operation: string }): boolean {
  return operation.toLowerCase() === 'managedclusters/write';
}

/** A cluster on a service principal and without the add-on, so that its one write is the switch. */
async function oldestOf({ clusters, control }: TwoProcesses): Promise<string> {
  const states = endState((await control('GET', 'world')) as Parameters<typeof endState>[0]);
  const found = clusters.find((id) => {
    const { clientId, podIdentity } = states[id] as { clientId: string; podIdentity: boolean };
    return clientId !== 'msi' && !podIdentity;
  });
  if (found === undefined) throw new Error('no cluster on a service principal');
  return found;
}
