import { eventually } from './support/steward-process';
import { startTwoProcesses } from './support/two-processes';
import type { TwoProcesses } from './support/two-processes';

jest.setTimeout(90_000);

const clusterWrite = 'managedclusters/write';
const operations = async ({ writes }: TwoProcesses): Promise<string[]> =>
  (await writes()).map(({ operation }) => operation.toLowerCase());

describe('the kill switch, thrown while a run is changing a cluster', () => {
  let steward: TwoProcesses;
  beforeAll(async () => {
    steward = await startTwoProcesses('least-rights.json', 300);
  });
  afterAll(async () => {
    expect(await steward.stop()).toEqual([0, 0]);
  });

  it('ends the run at its next write; switched on again, a new run completes the work', async () => {
    const clusters = steward.clusters.slice(0, 1);
    const first = (await steward.onboard(clusters)).headers.get('location') ?? '';
    await eventually(async () => (await operations(steward)).find((one) => one === clusterWrite));
    await steward.restartHost({ STEWARD_ENABLED: 'false' });
    const before = await operations(steward);

    const ended = await steward.end(first);
    const refused = await steward.onboard(clusters);

    expect(before).toContain(clusterWrite);
    expect(ended).toMatchObject({
      state: 'failed',
      failure: {
        code: 'switched-off',
        next: 'Set STEWARD_ENABLED to true, then ask again: a new run begins with what it finds.',
      },
    });
    expect(refused.status).toBe(503);
    expect(await operations(steward)).toEqual(before);

    await steward.restartHost({});
    const second = (await steward.onboard(clusters)).headers.get('location') ?? '';

    expect(await steward.end(second)).toMatchObject({ state: 'succeeded', failure: null });
    const writes = await operations(steward);
    expect(writes.filter((one) => one === clusterWrite)).toHaveLength(1);
    expect(writes.length).toBeGreaterThan(before.length);
  });
});
