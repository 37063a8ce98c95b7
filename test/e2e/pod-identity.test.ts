import { startTwoProcesses } from './support/two-processes';
import type { RunView, TwoProcesses } from './support/two-processes';

jest.setTimeout(120_000);

type Json = Readonly<Record<string, unknown>>;

const policy = { roles: { settleMinutes: 0 } };

describe('a cluster whose team must still run pod identity', () => {
  let steward: TwoProcesses;
  let cluster: string;
  let key: string;
  let application: string;
  beforeAll(async () => {
    steward = await startTwoProcesses('transitions.json', 1800, { policy });
    [cluster = ''] = steward.clusters;
    await follow(await steward.post('/api/v1/clusters', { clusters: [cluster], mode: 'apply' }));
    const { items } = await steward.get(`/api/v1/clusters?armId=${cluster}`);
    key = (items as { id: string }[])[0]?.id ?? '';
    const ids = Object.keys(await steward.control('GET', 'world'));
    application = ids.find((id) => id.includes('/userassignedidentities/')) ?? '';
  });
  afterAll(() => steward.stop());

  it('has it, an entry and an exception, and not for ever', async () => {
    const expires = '2027-03-31';
    const enabled = await ask('enable', { acceptUnsupported: true, expires });
    const identities = [{ name: 'orders', namespace: 'apps', identityId: application }];
    const added = await ask('add', { identities });
    const exceptions = [{ name: 'agents', namespace: 'ci', podLabels: { app: 'agent' } }];
    const excepted = await ask('exceptions/add', { exceptions });

    expect([enabled, added, excepted]).toMatchObject(
      Array.from({ length: 3 }, () => ({ state: 'succeeded', failure: null })),
    );
    expect(await profile()).toMatchObject({
      enabled: true,
      userAssignedIdentities: [{ name: 'orders', provisioningState: 'Assigned' }],
      userAssignedIdentityExceptions: [{ name: 'aks-addon-exception' }, { name: 'agents' }],
    });
    expect(await steward.get(`/api/v1/clusters/${key}`)).toMatchObject({
      podIdentityAcceptedUntil: expires,
    });
  });

  it('loses it with all that came with it', async () => {
    const deleted = await ask('delete', { identities: [{ name: 'orders', namespace: 'apps' }] });
    const disabled = await ask('disable', {});

    expect([deleted, disabled]).toMatchObject([{ state: 'succeeded' }, { state: 'succeeded' }]);
    expect(await profile()).toBeUndefined();
  });

  async function ask(action: string, body: object): Promise<RunView> {
    const path = `/api/v1/clusters/${key}/pod-identity/${action}`;
    return follow(await steward.post(path, { ...body, mode: 'apply' }));
  }

  function follow({ runs }: Json): Promise<RunView> {
    const [{ location } = { location: '' }] = runs as { location: string }[];
    return steward.end(location);
  }

  async function profile(): Promise<unknown> {
    const world = (await steward.control('GET', 'world')) as Readonly<Record<string, Json>>;
    return (world[cluster]?.['properties'] as Json)['podIdentityProfile'];
  }
});
