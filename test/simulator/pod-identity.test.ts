import type { JsonObject } from '../../simulator/json';
import { at } from '../../simulator/json';
import { drive } from './support/running';
import type { Driven, Reply } from './support/running';
import { codeOf } from './support/world';

const aks = 'api-version=2026-06-01';
const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
const id = `${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`;
const registered = {
  id: `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/EnablePodIdentityPreview`,
  properties: { state: 'Registered' },
  $truth: { effective: true },
};

function aCluster(networkPlugin: string, properties: JsonObject = {}): JsonObject {
  return {
    id,
    name: 'aks',
    location: 'westeurope',
    identity: { type: 'SystemAssigned', principalId: 'p' },
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      nodeResourceGroup: 'MC_rg_aks',
      servicePrincipalProfile: { clientId: 'msi' },
      networkProfile: { networkPlugin },
      agentPoolProfiles: [
        { name: 'system', mode: 'System', count: 3, provisioningState: 'Succeeded' },
      ],
      ...properties,
    },
  };
}

describe('the pod-identity add-on of a simulated cluster', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  const world = (cluster: JsonObject) =>
    azure.control('PUT', 'world', { resources: [cluster, registered] });
  const put = (podIdentityProfile: JsonObject): Promise<Reply> =>
    azure.arm('PUT', `${id}?${aks}`, {
      body: { location: 'westeurope', properties: { podIdentityProfile } },
    });

  it('is refused under kubenet unless the write says that it is wanted there', async () => {
    await world(aCluster('kubenet'));

    const plain = await put({ enabled: true });
    const wanted = await put({ enabled: true, allowNetworkPluginKubenet: true });

    expect([plain.status, plain.body]).toEqual([
      400,
      {
        code: 'BadRequest',
        message: 'Network plugin kubenet is not supported to use with PodIdentity addon.',
        details: null,
        subcode: '',
      },
    ]);
    expect(wanted.status).toBe(200);
  });

  it('needs nothing of the kind under Azure CNI', async () => {
    await world(aCluster('azure'));

    expect((await put({ enabled: true })).status).toBe(200);
  });

  it('is refused to a cluster on a service principal', async () => {
    await world({ ...aCluster('azure'), identity: {} });

    const { status, body } = await put({ enabled: true });

    expect([status, codeOf(body), at(body, 'message')]).toEqual([
      400,
      'BadRequest',
      'PodIdentity addon requires managed identity.',
    ]);
  });

  it('may be left on, and switched off, where it is on without that consent', async () => {
    await world(aCluster('kubenet', { podIdentityProfile: { enabled: true } }));

    const other = await azure.arm('PUT', `${id}?${aks}`, {
      body: { location: 'westeurope', properties: { enableRBAC: true } },
    });
    azure.advanceMinutes(10);
    const off = await put({ enabled: false });

    expect([other.status, off.status]).toEqual([200, 200]);
  });
});
