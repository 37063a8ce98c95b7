import fleet25 from '../data/scenarios/fleet-25.json';
import { at, objectAt, objectsAt, textAt } from '../../simulator/json';
import type { Json, JsonObject } from '../../simulator/json';
import { drive } from './support/running';
import type { Driven } from './support/running';
import { clustersOf, codeOf, parts, worldOf } from './support/world';

const version = 'api-version=2026-06-01';
const networkContributor = '4d97b98b-1d4f-4787-a291-c67834d212e7';

describe('a cluster on its way from a service principal to a managed identity', () => {
  it('needs its roles before the switch and its pools rolled after it', async () => {
    await using azure = await drive({ scenario: fleet25 });
    const [cluster] = await clustersOf(azure, inOwnSubnetOnServicePrincipal);
    if (cluster === undefined) throw new Error('no such cluster');
    const identity = await createIdentity(azure, cluster);

    const early = await switchTo(azure, cluster, identity.id);
    await assignNetworkRoles(azure, cluster, identity.principalId);
    const tooSoon = await switchTo(azure, cluster, identity.id);
    azure.advanceMinutes(5);
    const accepted = await switchTo(azure, cluster, identity.id);
    azure.advanceMinutes(7);
    const switched = (await azure.arm('GET', `${cluster.id}?${version}`)).body;

    expect([early.status, codeOf(early.body)]).toEqual([403, 'LinkedAuthorizationFailed']);
    expect([tooSoon.status, codeOf(tooSoon.body)]).toEqual([403, 'LinkedAuthorizationFailed']);
    expect(accepted.status).toBe(200);
    expect(at(switched, 'properties', 'provisioningState')).toBe('Succeeded');
    expect(at(switched, 'properties', 'servicePrincipalProfile')).toEqual({ clientId: 'msi' });
    expect(await kubelets(azure, cluster)).toEqual(new Set([servicePrincipalOf(cluster)]));

    await rollAll(azure, cluster);
    const kubelet = textAt(
      switched,
      'properties',
      'identityProfile',
      'kubeletidentity',
      'clientId',
    );

    expect(await kubelets(azure, cluster)).toEqual(new Set([kubelet]));
  });
});

function inOwnSubnetOnServicePrincipal(cluster: JsonObject): boolean {
  const [pool] = objectsAt(cluster, 'properties', 'agentPoolProfiles');
  return (
    servicePrincipalOf(cluster) !== 'msi' &&
    at(cluster, 'properties', 'podIdentityProfile') === undefined &&
    at(cluster, 'properties', 'networkProfile', 'networkPlugin') === 'azure' &&
    at(pool, 'vnetSubnetID') !== undefined
  );
}

function servicePrincipalOf(cluster: JsonObject): string | undefined {
  return textAt(cluster, 'properties', 'servicePrincipalProfile', 'clientId');
}

async function createIdentity(azure: Driven, cluster: JsonObject & { id: string }) {
  const { subscription, group, name } = parts(cluster.id);
  const { identities } = azure.clients(subscription);
  const made = await identities.userAssignedIdentities.createOrUpdate(group, `id-${name}`, {
    location: textAt(cluster, 'location') ?? '',
  });
  return { id: made.id ?? '', principalId: made.principalId ?? '' };
}

async function assignNetworkRoles(
  azure: Driven,
  cluster: JsonObject & { id: string },
  principalId: string,
): Promise<void> {
  const { subscription } = parts(cluster.id);
  const { authorization } = azure.clients(subscription);
  const [pool] = objectsAt(cluster, 'properties', 'agentPoolProfiles');
  await authorization.roleAssignments.create(
    textAt(pool, 'vnetSubnetID') ?? '',
    '11111111-1111-4111-8111-111111111111',
    {
      roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${networkContributor}`,
      principalId,
      principalType: 'ServicePrincipal',
    },
  );
}

function switchTo(azure: Driven, cluster: JsonObject & { id: string }, identityId: string) {
  const body = {
    ...cluster,
    $truth: undefined,
    identity: { type: 'UserAssigned', userAssignedIdentities: { [identityId]: {} } },
  };
  return azure.arm('PUT', `${cluster.id}?${version}`, {
    body,
    headers: { 'if-match': textAt(cluster, 'eTag') ?? '' },
  });
}

async function rollAll(azure: Driven, cluster: JsonObject & { id: string }): Promise<void> {
  for (const pool of objectsAt(cluster, 'properties', 'agentPoolProfiles')) {
    const path = `${cluster.id}/agentPools/${textAt(pool, 'name') ?? ''}/upgradeNodeImageVersion`;
    const started = await azure.arm('POST', `${path}?${version}`);
    expect(started.status).toBe(202);
  }
  azure.advanceMinutes(60);
}

/** Client ids that the nodes of a cluster pull images with. */
async function kubelets(azure: Driven, cluster: { id: string }): Promise<Set<Json | undefined>> {
  const found = (await worldOf(azure))[cluster.id.toLowerCase()];
  const pools = Object.values(objectAt(found, '$truth', 'pools'));
  return new Set(pools.map((pool) => at(pool, 'kubeletClientId')));
}
