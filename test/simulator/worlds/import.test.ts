import resourceTypes from '../../../simulator/data/resource-types.json';
import { objectsAt, textAt, at } from '../../../simulator/json';
import type { Json, JsonObject } from '../../../simulator/json';
import { importWorld } from '../../../simulator/worlds/import/import-world';
import { readExport } from '../../../simulator/worlds/import/read-export';
import { drive } from '../support/running';
import type { Driven } from '../support/running';

const graph = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
const exports = [
  'resources',
  'resourcecontainers',
  "authorizationresources | where type =~ 'microsoft.authorization/roleassignments'",
  'policyresources',
];

/** All rows of a query, page after page, as `az graph query` prints them. */
async function exported(azure: Driven, query: string): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  let token: Json | undefined;
  do {
    const options = { $top: 1000, ...(token !== undefined && { $skipToken: token }) };
    const { body } = await azure.arm('POST', graph, { body: { query, options } });
    rows.push(...objectsAt(body, 'data'));
    token = at(body, '$skipToken');
  } while (token !== undefined);
  return rows;
}

const group = '/subscriptions/0b1f6471-1bf0-4dda-aec3-111122223333/resourceGroups/rg-a/providers';
const cluster = {
  id: `${group}/Microsoft.ContainerService/managedClusters/aks-a`,
  name: 'aks-a',
  type: 'microsoft.containerservice/managedclusters',
  tenantId: '72f988bf-86f1-41af-91ab-2d7cd011db47',
  kind: '',
  location: 'westeurope',
  resourceGroup: 'rg-a',
  subscriptionId: '0b1f6471-1bf0-4dda-aec3-111122223333',
  managedBy: '',
  sku: { name: 'Base', tier: 'Free' },
  plan: null,
  properties: {
    provisioningState: 'Updating',
    nodeResourceGroup: 'MC_rg-a_aks-a_westeurope',
    servicePrincipalProfile: { clientId: 'msi' },
    identityProfile: {
      kubeletidentity: {
        resourceId: `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/kubelet`,
        clientId: 'client-k',
        objectId: 'principal-k',
      },
    },
    agentPoolProfiles: [
      {
        name: 'system',
        count: 3,
        vmSize: 'Standard_D4ds_v5',
        type: 'VirtualMachineScaleSets',
        mode: 'System',
        provisioningState: 'Upgrading',
        vnetSubnetID: `${group}/Microsoft.Network/virtualNetworks/net/subnets/nodes`,
      },
    ],
  },
  tags: null,
  identity: {
    type: 'UserAssigned',
    userAssignedIdentities: {
      [`${group}/Microsoft.ManagedIdentity/userAssignedIdentities/cp`]: {
        clientId: 'client-c',
        principalId: 'principal-c',
      },
    },
  },
  zones: null,
  extendedLocation: null,
};

const rowsOf = (document: unknown) => readExport(JSON.stringify(document), 'fleet.json');

describe('an export of a world', () => {
  it('becomes a world that gives the same answers', async () => {
    await using azure = await drive({
      scenario: { seed: 7, fleet: { clusters: 25, locked: 0.1, denied: 0.1 } },
    });
    const files = await Promise.all(exports.map((query) => exported(azure, query)));

    const { resources, tenantId = '' } = importWorld(files.flatMap(rowsOf), 1);
    await using copy = await drive({ scenario: { tenantId, resources: [...resources] } });

    for (const [index, query] of exports.entries()) {
      const again = await exported(copy, query);
      expect(again.map((row) => textAt(row, 'id'))).toEqual(
        files[index]?.map((row) => textAt(row, 'id')),
      );
      expect(again).toEqual(files[index]);
    }
    expect(files.flat().length).toBeGreaterThan(200);
  });

  it('can be worked with: a cluster of it takes a write', async () => {
    const { resources } = importWorld(rowsOf([cluster]), 1);
    await using azure = await drive({ scenario: { resources: [...resources] } });
    const { body } = await azure.arm('GET', `${cluster.id}?api-version=2026-06-01`);

    const put = await azure.arm('PUT', `${cluster.id}?api-version=2026-06-01`, { body });

    expect(put.body).toMatchObject({ name: 'aks-a' });
    expect(put.status).toBe(200);
  });
});

describe('what an export does not have', () => {
  const { resources, report, tenantId } = importWorld(rowsOf([cluster]), 1);
  const ids = resources.map(({ id }) => id.replace(group, '…'));

  it('is made up by rule, and reported', () => {
    expect(report).toEqual([
      'read: 1 resources from 1 rows',
      'taken for ended: 1 operations',
      'made up: 2 identities',
      'made up: 2 role assignments',
      'made up: 1 scale sets',
      'made up: 1 subscriptions',
      'made up: 2 resource groups',
      `made up: ${Object.keys(resourceTypes).length} provider registrations`,
      'made up: 1 features',
      'not in an export: federated credentials, locks, maintenance configurations, running operations, what nodes really use',
    ]);
    expect(tenantId).toBe(cluster.tenantId);
    expect(ids).toContain('…/Microsoft.ManagedIdentity/userAssignedIdentities/cp');
  });

  it('leaves the rest of the cluster as it was', () => {
    const [imported] = resources;
    const { agentPoolProfiles, ...properties } = cluster.properties;

    expect(imported).toEqual({
      ...{ id: cluster.id, name: 'aks-a', type: 'Microsoft.ContainerService/ManagedClusters' },
      ...{ location: 'westeurope', sku: cluster.sku, identity: cluster.identity },
      eTag: expect.any(String) as string,
      properties: {
        ...properties,
        provisioningState: 'Succeeded',
        agentPoolProfiles: agentPoolProfiles.map((pool) => ({
          ...pool,
          provisioningState: 'Succeeded',
          eTag: expect.any(String) as string,
        })),
      },
    });
  });

  it('is not made up where the export says that there is none', () => {
    const other = {
      ...{ id: `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/other` },
      ...{ location: 'westeurope', properties: { principalId: 'p', clientId: 'c' } },
    };
    const assignment = {
      id: `${group}/Microsoft.Authorization/roleAssignments/1`,
      properties: { principalId: 'p' },
    };

    const second = importWorld(rowsOf([cluster, other, assignment]), 1);

    expect(second.report.join('\n')).not.toMatch(/identities|made up: \d+ role assignments/);
  });
});

describe('the forms of an export', () => {
  const columns = Object.keys(cluster);
  const csv = [
    columns.join(','),
    Object.values(cluster)
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
      .map((text) => `"${text.replaceAll('"', '""')}"`)
      .join(','),
  ].join('\r\n');

  it.each([
    ['a list of the portal', JSON.stringify([cluster])],
    [
      'az graph query',
      JSON.stringify({ count: 1, data: [cluster], total_records: 1, skip_token: null }),
    ],
    ['the REST API', JSON.stringify({ totalRecords: 1, count: 1, data: [cluster], facets: [] })],
    [
      'a table',
      JSON.stringify({
        data: { columns: columns.map((name) => ({ name })), rows: [Object.values(cluster)] },
      }),
    ],
    ['CSV', csv],
  ])('%s', (_, text) => {
    const { resources } = importWorld(readExport(text, 'fleet'), 1);

    expect(resources).toEqual(importWorld(rowsOf([cluster]), 1).resources);
  });

  it.each([
    ['{', /^fleet\.json is no JSON: /],
    ['{"a":1}', /^fleet\.json: there are no rows\./],
    ['[7]', /^fleet\.json, row 1: it is no object\./],
    [
      JSON.stringify([cluster, { name: 'x' }]),
      /^fleet\.json, row 2: id is missing\. Project it\.$/,
    ],
    [
      JSON.stringify([{ ...cluster, properties: null }]),
      /^fleet\.json, row 1: properties is missing\./,
    ],
    [
      JSON.stringify([{ ...cluster, location: null }]),
      /^fleet\.json, row 1: location is missing\./,
    ],
    [JSON.stringify([{ ...cluster, tags: 'a' }]), /^fleet\.json, row 1: tags is not an object\./],
  ])('refuses %s', (text, message) => {
    expect(() => importWorld(readExport(text, 'fleet.json'), 1)).toThrow(message);
  });

  it('leaves out built-in roles and changes', () => {
    const role = { id: '/providers/Microsoft.Authorization/RoleDefinitions/1', properties: {} };
    const change = { id: `${cluster.id}/providers/Microsoft.Resources/changes/1`, properties: {} };

    const { report } = importWorld(rowsOf([cluster, role, change]), 1);

    expect(report).toContain('left out: 2 rows that are no resources of a subscription');
  });
});
