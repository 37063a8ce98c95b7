import { TransientError } from '../../../domain/outcome';
import type { JsonObject } from '../../../simulator/json';
import { anAzure } from '../../activities/support/azure';
import type { TestAzure } from '../../activities/support/azure';
import { aWireCluster } from '../../activities/support/resources';
import { clusterId } from '../../support/clusters';
import { byEntra, stewardId } from './by-entra';

async function inside<T>(
  properties: JsonObject,
  look: (azure: TestAzure) => Promise<T>,
  behaviour: Parameters<TestAzure['behave']>[0] = {},
): Promise<T | Error> {
  await using azure = await anAzure([aWireCluster(properties)], byEntra);
  await azure.behave(behaviour);
  return await look(azure).catch((error: unknown) => error as Error);
}

const listNodes = async ({ clients }: TestAzure) => {
  const api = await clients.kubernetes(clusterId);
  const nodes = (await api.list('/api/v1/nodes', { limit: 2 })) ?? [];
  const kinds = nodes.map(({ apiVersion, kind }) => `${String(apiVersion)} ${String(kind)}`);
  return { access: api.access, kinds };
};
const withEntra = { aadProfile: { managed: true }, disableLocalAccounts: true };

describe('a simulated cluster', () => {
  it.each([
    ['Entra', withEntra, { identity: 'steward', way: 'direct' }],
    [
      'local accounts',
      { aadProfile: {}, disableLocalAccounts: false },
      { identity: 'localAccount', way: 'direct' },
    ],
  ])('is reached over %s', async (_what, properties, access) => {
    const found = await inside(properties, listNodes);

    expect(found).toEqual({
      access,
      kinds: ['v1 Node', 'v1 Node', 'v1 Node', 'v1 Node', 'v1 Node', 'v1 Node'],
    });
  });

  it('refuses Steward where it has no rights', async () => {
    const found = await inside(withEntra, listNodes, { kubernetes: { forbidden: [stewardId] } });

    expect(found).toMatchObject({
      reason: 'Forbidden',
      failure: { message: expect.stringContaining('cannot list resource "nodes"') as string },
    });
  });

  it('answers nothing while it is stopped', async () => {
    const found = await inside({ powerState: { code: 'Stopped' } }, listNodes);

    expect(found).toBeInstanceOf(TransientError);
  });

  it('is listed anew when it has forgotten the moment that the first page is of', async () => {
    let pages = 0;
    const found = await inside(withEntra, async ({ clients, advanceMinutes }) => {
      const api = await clients.kubernetes(clusterId);
      const forgetful = (node: object) => {
        if (pages++ === 0) advanceMinutes(10);
        return { name: (node as { readonly metadata: { readonly name: string } }).metadata.name };
      };
      return api.list('/api/v1/nodes', { limit: 2, keep: forgetful });
    });

    expect(found).toHaveLength(6);
    expect(new Set((found as { name: string }[]).map(({ name }) => name)).size).toBe(6);
    expect(pages).toBe(8); // two of them for nothing
  });

  it('has no group that nobody installed', async () => {
    const found = await inside({}, async ({ clients }) =>
      (await clients.kubernetes(clusterId)).list('/apis/aadpodidentity.k8s.io/v1/azureidentities'),
    );

    expect(found).toBeUndefined();
  });

  it('is not asked when Azure gives Steward no kubeconfig', async () => {
    const found = await inside({}, async (azure) => {
      await azure.fail({
        match: { path: 'listClusterUserCredential' },
        answer: { status: 403, code: 'AuthorizationFailed' },
      });
      return listNodes(azure);
    });

    expect(found).toMatchObject({ failure: { code: 'Forbidden', target: clusterId } });
  });
});
