import { at, objectsAt, textAt } from '../../simulator/json';
import type { JsonObject } from '../../simulator/json';
import { drive } from './support/running';
import type { Driven } from './support/running';
import { subscription, wireWorld } from './support/wire-world';

const group = `${subscription}/resourceGroups/rg1`;
const aks = `${group}/providers/Microsoft.ContainerService`;
const cluster = `${aks}/managedClusters/aks1`;
const fresh = `${aks}/managedClusters/fresh`;
const inLocation = `${subscription}/providers/Microsoft.ContainerService/locations/westus2`;
const authorization = `${group}/providers/Microsoft.Authorization`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1`;

interface Case {
  readonly request: string;
  readonly body?: unknown;
  readonly status: number;
  /** Paths of members that the answer has. */
  readonly has?: readonly string[];
}

const pools = [{ name: 'np', count: 3, mode: 'System', vmSize: 'Standard_D2s_v3' }];
const newCluster = (properties: JsonObject): JsonObject => ({
  location: 'westus2',
  identity: { type: 'SystemAssigned' },
  properties: { dnsPrefix: 'd', agentPoolProfiles: pools, ...properties },
});

const cases: readonly Case[] = [
  { request: `POST ${cluster}/rotateClusterCertificates`, status: 202 },
  { request: `POST ${cluster}/rotateServiceAccountSigningKeys`, status: 202 },
  { request: `POST ${cluster}/resetAADProfile`, body: { managed: true }, status: 202 },
  { request: `POST ${cluster}/stop`, status: 202 },
  {
    request: `POST ${cluster}/accessProfiles/clusterUser/listCredential`,
    status: 200,
    has: ['id', 'location', 'name', 'type', 'properties.kubeConfig'],
  },
  {
    request: `POST ${cluster}/listClusterMonitoringUserCredential`,
    status: 200,
    has: ['kubeconfigs'],
  },
  {
    request: `POST ${cluster}/resolvePrivateLinkServiceId`,
    body: { name: 'management' },
    status: 200,
    has: ['name', 'privateLinkServiceID'],
  },
  { request: `GET ${cluster}/privateLinkResources`, status: 200, has: ['value'] },
  { request: `GET ${cluster}/outboundNetworkDependenciesEndpoints`, status: 200, has: ['value'] },
  { request: `GET ${cluster}/privateEndpointConnections`, status: 200, has: ['value'] },
  { request: `GET ${aks}/managedClusters/none/privateEndpointConnections`, status: 404 },
  { request: `GET ${cluster}/agentPools/np1/machines/none`, status: 404 },
  {
    request: `PUT ${cluster}/trustedAccessRoleBindings/b`,
    body: { properties: { roles: ['r'], sourceResourceId: '/s' } },
    status: 201,
    has: ['properties.provisioningState', 'properties.roles'],
  },
  { request: `DELETE ${cluster}/trustedAccessRoleBindings/b`, status: 204 },
  {
    request: `PUT ${aks}/snapshots/s`,
    body: {
      location: 'westus2',
      properties: { creationData: { sourceResourceId: `${cluster}/agentPools/np1` } },
    },
    status: 201,
    has: ['properties.creationData', 'properties.kubernetesVersion', 'properties.vmSize'],
  },
  { request: `GET ${subscription}/providers/Microsoft.ContainerService/snapshots`, status: 200 },
  { request: `GET ${inLocation}/meshRevisionProfiles`, status: 200, has: ['value'] },
  {
    request: `GET ${inLocation}/meshRevisionProfiles/istio`,
    status: 200,
    has: ['properties.meshRevisions'],
  },
  { request: `GET ${inLocation}/trustedAccessRoles`, status: 200, has: ['value'] },
  { request: `GET ${inLocation}/nodeImageVersions`, status: 200, has: ['value'] },
  { request: `GET ${inLocation}/osOptions/default`, status: 200, has: ['properties'] },
  { request: 'GET /providers/Microsoft.ContainerService/operations', status: 200, has: ['value'] },
  { request: 'GET /providers/Microsoft.ManagedIdentity/operations', status: 200, has: ['value'] },
  { request: 'GET /providers/Microsoft.Features/operations', status: 200, has: ['value'] },
  {
    request: `PUT ${fresh}`,
    body: newCluster({ apiServerAccessProfile: { enablePrivateCluster: true } }),
    status: 201,
    has: ['properties.privateFQDN', 'properties.apiServerAccessProfile.privateDNSZone'],
  },
  {
    request: `PUT ${fresh}`,
    body: newCluster({
      networkProfile: {
        outboundType: 'managedNATGateway',
        natGatewayProfile: { managedOutboundIPProfile: { count: 2 } },
      },
    }),
    status: 201,
    has: [
      'properties.networkProfile.natGatewayProfile.effectiveOutboundIPs',
      'properties.networkProfile.natGatewayProfile.managedOutboundIPProfile.count',
    ],
  },
  {
    request: `PUT ${cluster}/agentPools/spot1`,
    body: { properties: { count: 3, vmSize: 'Standard_DS1_v2', scaleSetPriority: 'Spot' } },
    status: 201,
    has: [
      'properties.maxPods',
      'properties.osType',
      'properties.scaleSetPriority',
      'properties.type',
    ],
  },
  {
    request: `POST ${identity}/listAssociatedResources`,
    status: 200,
    has: ['totalCount', 'value'],
  },
  {
    request: `GET ${subscription}/providers/Microsoft.Features/features`,
    status: 200,
    has: ['value'],
  },
  {
    request: `GET ${subscription}/providers/Microsoft.Features/subscriptionFeatureRegistrations`,
    status: 200,
    has: ['value'],
  },
  { request: 'GET /providers', status: 200, has: ['value'] },
  { request: 'GET /providers/microsoft.containerservice', status: 200, has: ['resourceTypes'] },
  { request: 'GET /providers/Microsoft.Unheard', status: 404 },
  {
    request: `GET ${subscription}/providers/Microsoft.ContainerService/resourceTypes`,
    status: 200,
    has: ['value'],
  },
  { request: `HEAD ${group}`, status: 204 },
  { request: `HEAD ${identity}`, status: 204 },
  { request: `PATCH ${group}`, body: { tags: { a: 'b' } }, status: 200, has: ['tags.a'] },
  { request: `DELETE ${group}`, status: 202 },
  { request: `GET ${group}/resources`, status: 200, has: ['value'] },
  {
    request: `PUT ${cluster}/providers/Microsoft.Resources/tags/default`,
    body: { properties: { tags: { a: 'b' } } },
    status: 200,
    has: ['properties.tags.a'],
  },
  { request: `DELETE ${cluster}/providers/Microsoft.Resources/tags/default`, status: 200 },
  {
    request: `PUT ${authorization}/roleDefinitions/11111111-1111-4111-8111-111111111111`,
    body: { properties: { roleName: 'Own', permissions: [], assignableScopes: [group] } },
    status: 201,
    has: ['properties.roleName', 'properties.createdOn'],
  },
  {
    request: `PUT ${authorization}/locks/l`,
    body: { properties: { level: 'CanNotDelete' } },
    status: 201,
    has: ['properties.level'],
  },
  { request: `GET ${authorization}/locks/none`, status: 404 },
  {
    request: `PUT ${subscription}/providers/Microsoft.Authorization/policyDefinitions/p`,
    body: { properties: { mode: 'All', policyRule: {} } },
    status: 201,
    has: ['properties.policyType', 'properties.mode'],
  },
];

describe('operations beside those the SDK calls of the product need', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  beforeEach(() => azure.control('PUT', 'world', wireWorld));
  afterAll(() => azure[Symbol.asyncDispose]());

  it.each(cases)('$request answers $status', async ({ request, body, status, has = [] }) => {
    const [method = '', path = ''] = request.split(' ');

    const reply = await azure.arm(method, `${path}?api-version=2026-06-01`, { body });

    expect(reply.status).toBe(status);
    expect(has.filter((name) => at(reply.body, ...name.split('.')) === undefined)).toEqual([]);
  });

  it('serves each machine that it lists', async () => {
    const machines = `${cluster}/agentPools/np1/machines`;
    const { body } = await azure.arm('GET', `${machines}?api-version=2026-06-01`);
    const [first] = objectsAt(body, 'value');

    const one = await azure.arm(
      'GET',
      `${machines}/${textAt(first, 'name') ?? ''}?api-version=2026-06-01`,
    );

    expect(one.body).toEqual(first);
  });

  it('takes a resource group away with everything in it once the deletion has ended', async () => {
    const { headers } = await azure.arm('DELETE', `${group}?api-version=2025-04-01`);
    const poll = new URL(headers.get('location') ?? '');
    const running = await azure.arm('GET', `${poll.pathname}${poll.search}`);
    azure.advanceMinutes(30);
    const ended = await azure.arm('GET', `${poll.pathname}${poll.search}`);
    const gone = await azure.arm('GET', `${cluster}?api-version=2026-06-01`);

    expect([running.status, ended.status, gone.status]).toEqual([202, 200, 404]);
  });

  it('never shows a password it was given', async () => {
    const body = newCluster({ windowsProfile: { adminUsername: 'u', adminPassword: 'p4ss' } });

    const { body: shown } = await azure.arm('PUT', `${fresh}?api-version=2026-06-01`, { body });

    expect(at(shown, 'properties', 'windowsProfile')).toEqual({ adminUsername: 'u' });
  });

  it('serves nobody a member that only the world knows', async () => {
    const body = { location: 'westus2', $truth: { mine: true } };

    await azure.arm('PUT', `${identity}?api-version=2024-11-30`, { body });

    expect(JSON.stringify(await azure.control('GET', 'world'))).not.toContain('"mine"');
  });
});
