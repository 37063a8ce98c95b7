import { startTwoProcesses } from './support/two-processes';

jest.setTimeout(120_000);

const flag = 'Microsoft.ContainerService/AKS-PrometheusAddonPreview';

interface Counted {
  readonly operation: string;
  readonly status: number;
  readonly count: number;
}

describe('fifty clusters of one subscription, all at once', () => {
  it('share one registration of a flag, get each role once, and stand in nobody’s way', async () => {
    const policy = { clustersAtOnce: 50, features: { required: [flag] } };
    const steward = await startTwoProcesses('fifty.json', 1200, { policy });
    const answer = await steward.onboard(steward.clusters);
    const { runs } = (await answer.json()) as { runs: readonly { readonly location: string }[] };
    const ended = await Promise.all(runs.map(({ location }) => steward.end(location)));
    const writes = await steward.writes();
    const { calls } = (await steward.control('GET', 'calls?summary=true')) as {
      calls: readonly Counted[];
    };
    const world = Object.values(await steward.control('GET', 'world')) as {
      readonly type?: string;
      readonly properties?: Readonly<Record<string, string>>;
    }[];
    await steward.stop();

    const grants = world
      .filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments')
      .map(({ properties = {} }) =>
        [properties['principalId'], properties['roleDefinitionId'], properties['scope']]
          .join(' ')
          .toLowerCase(),
      );
    const made = (operation: RegExp) => writes.filter((write) => operation.test(write.operation));
    expect(ended).toHaveLength(50);
    for (const run of ended) expect(run).toMatchObject({ state: 'succeeded', failure: null });
    expect(made(/^features\/register\/action$/i)).toHaveLength(1);
    expect(made(/^userAssignedIdentities\/write$/i)).toHaveLength(50);
    expect(made(/^managedClusters\/write$/i)).toHaveLength(50);
    expect(new Set(grants).size).toBe(grants.length);
    expect(calls.filter(({ status }) => status === 409)).toEqual([]);
  });
});
