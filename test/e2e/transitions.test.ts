import { roleLabel } from '../../domain/roles/built-in-roles';
import { startTwoProcesses } from './support/two-processes';
import type { RunView, TwoProcesses } from './support/two-processes';

jest.setTimeout(120_000);

type Json = Readonly<Record<string, unknown>>;
type World = Readonly<Record<string, Json>>;

const minute = 60;
const places = [
  ['/subnets/', 'subnet'],
  ['/registries/', 'registry'],
  ['/rg-network-', 'network group'],
] as const;
// Old principals keep their rights for an hour instead of a day, so that the test need not wait so long.
const policy = { roles: { graceHours: 1, settleMinutes: 5 } };

describe('one cluster on its way through every kind of identity', () => {
  let steward: TwoProcesses;
  let cluster: string;
  beforeAll(async () => {
    steward = await startTwoProcesses('transitions.json', 30 * minute, { policy });
    cluster = steward.clusters[0] ?? '';
  });
  afterAll(() => steward.stop());

  it('acts as a service principal at first, which has rights on its network', async () => {
    expect(await rolesOf(await servicePrincipal())).toEqual([
      'AcrPull at the registry',
      'Network Contributor at the network group',
    ]);
  });

  it('leaves its service principal for an identity that Azure makes', async () => {
    const run = await onboard({ controlPlane: 'systemAssigned' });

    expect(run).toMatchObject({ state: 'succeeded', failure: null });
    const { identity, properties } = await read();
    expect(identity).toMatchObject({ type: 'SystemAssigned' });
    expect(properties).toMatchObject({ servicePrincipalProfile: { clientId: 'msi' } });
    expect(await rolesOf((identity as Json)['principalId'])).toEqual([
      'Contributor at the node group',
      'Network Contributor at the subnet',
    ]);
  });

  it('takes an identity of ours in its place, while nodes stay as they are', async () => {
    const before = await nodeImagings();
    const run = await onboard({ controlPlane: 'userAssigned' });

    expect(run).toMatchObject({ state: 'succeeded', failure: null });
    expect((await read())['identity']).toMatchObject({ type: 'UserAssigned' });
    expect(await nodeImagings()).toEqual(before);
  });

  it('gives its nodes an identity of ours, which re-images them all', async () => {
    const before = await nodeImagings();
    const run = await onboard({ controlPlane: 'userAssigned', kubelet: 'own' });

    expect(run).toMatchObject({ state: 'succeeded', failure: null });
    const { properties } = await read();
    expect(JSON.stringify((properties as Json)['identityProfile'])).toMatch(
      /id-aks-[^"]*-kubelet/i,
    );
    const after = await nodeImagings();
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [pool, time] of Object.entries(after)) expect(time).not.toBe(before[pool]);
  });

  it('takes from the identity that it had what it needed then, once the grace is over', async () => {
    await simulatedMinutes(70);
    const run = await onboard({ controlPlane: 'userAssigned', kubelet: 'own' });

    expect(run).toMatchObject({ state: 'succeeded', failure: null, applied: 1 });
    const [plan] = (await plans()).slice(-1);
    expect(plan).toMatchObject({ steps: [{ kind: 'removeRoles', reversible: true }] });
    const { items } = await steward.get(`${run.location}/undo`);
    expect((items as Json[]).map(({ before }) => roleOf(before as Json)).sort()).toEqual([
      'AcrPull at the registry', // of the nodes with the identity that AKS made
      'AcrPull at the registry', // of the service principal
      'Contributor at the node group',
      'Network Contributor at the subnet',
    ]);
  });

  it('is in order then: nothing is left to do', async () => {
    const run = await onboard({ controlPlane: 'userAssigned', kubelet: 'own' });

    expect(run).toMatchObject({ state: 'succeeded', applied: 0 });
    // What is wider than a need of the cluster may be for others, too: it is reported, not removed.
    expect(await rolesOf(await servicePrincipal())).toEqual([
      'Network Contributor at the network group',
    ]);
  });

  it('shows who it is, and what each identity needs', async () => {
    const { items: clusters } = await steward.get(`/api/v1/clusters?armId=${cluster}`);
    const [{ id } = { id: '' }] = clusters as { id: string }[];
    const { items } = await steward.get(`/api/v1/clusters/${id}/identities`);

    expect(items).toMatchObject([
      {
        key: 'controlPlane',
        kind: 'userAssigned',
        madeBy: 'you',
        needs: [
          { requirement: 'RR-NODERG', state: 'present' },
          { requirement: 'RR-SUBNET', state: 'present' },
          { requirement: 'RR-KUBELET-MIO', state: 'present' },
        ],
      },
      { key: 'kubelet', kind: 'userAssigned', madeBy: 'you', needs: [] },
    ]);
  });

  interface Run extends RunView {
    readonly location: string;
  }

  async function onboard(identity: object): Promise<Run> {
    const answer = await steward.post('/api/v1/clusters', {
      clusters: [cluster],
      mode: 'apply',
      identity,
    });
    const [{ location } = { location: '' }] = answer['runs'] as { location: string }[];
    return { ...(await steward.end(location)), location };
  }

  /** Object id of the principal that the cluster acted as at first. */
  async function servicePrincipal(): Promise<unknown> {
    return ((await read())['$truth'] as Json)['servicePrincipalObjectId'];
  }

  async function plans(): Promise<readonly unknown[]> {
    return (await steward.get('/api/v1/plans'))['items'] as unknown[];
  }

  async function world(): Promise<World> {
    return (await steward.control('GET', 'world')) as World;
  }

  async function read(): Promise<Json> {
    return (await world())[cluster] ?? {};
  }

  /** When the nodes of each pool were imaged last, as Azure knows and does not say. */
  async function nodeImagings(): Promise<Readonly<Record<string, unknown>>> {
    const { pools } = (await read())['$truth'] as { pools: Readonly<Record<string, Json>> };
    return Object.fromEntries(
      Object.entries(pools).map(([pool, { rolledAt }]) => [pool, rolledAt]),
    );
  }

  async function rolesOf(principalId: unknown): Promise<readonly string[]> {
    return Object.values(await world())
      .map(({ properties }) => (properties ?? {}) as Json)
      .filter((assignment) => assignment['principalId'] === principalId && assignment['scope'])
      .map(roleOf)
      .sort();
  }

  function roleOf({ roleDefinitionId, role, scope }: Json): string {
    const guid = String(roleDefinitionId ?? role).slice(-36);
    const [, place = 'node group'] = places.find(([part]) => String(scope).includes(part)) ?? [];
    return `${roleLabel(guid)} at the ${place}`;
  }

  async function simulatedMinutes(minutes: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, (minutes * 60_000) / (30 * minute)));
  }
});

describe('a cluster that does not exist yet', () => {
  it.each([
    ['own identities for control plane and nodes', { kubelet: 'own' }, 'UserAssigned'],
    ['an identity that Azure makes', { controlPlane: 'systemAssigned' }, 'SystemAssigned'],
  ])('is created with %s, in a subnet of ours, and is in order at once', async (_c, how, type) => {
    const steward = await startTwoProcesses('transitions.json', 30 * minute, { policy });
    const before = (await steward.control('GET', 'world')) as World;
    const [like = ''] = steward.clusters;
    const cluster = like
      .replace(/[^/]+$/, 'aks-new-01')
      .replace(/resourcegroups\/[^/]+/, 'resourcegroups/rg-new');
    const create = {
      ...{ cluster, location: 'westeurope', ...how },
      pools: [{ name: 'system', vmSize: 'Standard_D4ds_v5', count: 2 }],
      network: { subnetId: subnetOf(before[like] ?? {}) },
    };

    const planned = await ask(steward, { create });
    const made = await ask(steward, { create, mode: 'apply' });
    const again = await ask(steward, { create, mode: 'apply' });

    const after = (await steward.control('GET', 'world')) as World;
    await steward.stop();
    expect(planned).toMatchObject({ state: 'succeeded', applied: 0 });
    expect(made).toMatchObject({ state: 'succeeded', failure: null });
    expect(after[cluster]).toMatchObject({
      identity: { type },
      properties: { provisioningState: 'Succeeded', servicePrincipalProfile: { clientId: 'msi' } },
    });
    expect(again).toMatchObject({ state: 'failed', applied: 0, failure: { code: 'conflict' } });
  });

  async function ask(steward: TwoProcesses, body: object): Promise<RunView> {
    const answer = await steward.post('/api/v1/clusters', body);
    const [{ location } = { location: '' }] = answer['runs'] as { location: string }[];
    return steward.end(location);
  }

  function subnetOf({ properties }: Json): unknown {
    const { agentPoolProfiles } = properties as { agentPoolProfiles: readonly Json[] };
    return agentPoolProfiles[0]?.['vnetSubnetID'];
  }
});
