import type { JsonObject } from '../../../simulator/json';

export const subscription = '/subscriptions/00000000-0000-0000-0000-000000000001';
const group = `${subscription}/resourceGroups/rg1`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/aks1`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1`;
const feature = 'EnablePodIdentityPreview';

/** One of everything that the recorded requests of the SDKs are about. */
export const wireWorld: { readonly resources: readonly JsonObject[] } = {
  resources: [
    {
      id: cluster,
      name: 'aks1',
      type: 'Microsoft.ContainerService/ManagedClusters',
      location: 'westus2',
      eTag: 'etag',
      identity: { type: 'SystemAssigned', principalId: 'p1', tenantId: 't1' },
      properties: {
        provisioningState: 'Succeeded',
        powerState: { code: 'Running' },
        nodeResourceGroup: 'MC',
        servicePrincipalProfile: { clientId: 'msi' },
        agentPoolProfiles: [
          { name: 'np0', mode: 'System', count: 1, provisioningState: 'Succeeded' },
          { name: 'np1', mode: 'User', count: 3, provisioningState: 'Succeeded' },
        ],
      },
    },
    {
      id: `${cluster}/maintenanceConfigurations/aksManagedNodeOSUpgradeSchedule`,
      name: 'aksManagedNodeOSUpgradeSchedule',
      properties: {},
    },
    {
      id: `${cluster}/identityBindings/ib1`,
      name: 'ib1',
      properties: { managedIdentity: { resourceId: identity } },
    },
    { id: `${cluster}/commandResults/cmd1`, name: 'cmd1' },
    {
      id: identity,
      name: 'id1',
      location: 'westus2',
      properties: { principalId: 'p', clientId: 'c', tenantId: 't' },
    },
    {
      id: `${identity}/federatedIdentityCredentials/f1`,
      name: 'f1',
      properties: { issuer: 'https://i/', subject: 's', audiences: ['a'] },
    },
    {
      id: `${identity}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-1111-1111-111111111111`,
      name: '11111111-1111-1111-1111-111111111111',
      properties: { scope: identity, principalId: 'q', roleDefinitionId: '/r/x' },
    },
    {
      id: `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/${feature}`,
      name: `Microsoft.ContainerService/${feature}`,
      properties: { state: 'NotRegistered' },
    },
    scaleSet('MC', 'vmss'),
    scaleSet('MC_rg1_aks1_westus2', 'aks-np1-1-vmss'),
    {
      id: `${subscription}/providers/Microsoft.Authorization/policyAssignments/netraw`,
      name: 'netraw',
      properties: {},
    },
    {
      id: `${group}/providers/Microsoft.EventGrid/systemTopics/st1`,
      name: 'st1',
      location: 'westus2',
      properties: { provisioningState: 'Succeeded', source: cluster },
    },
    {
      id: `${group}/providers/Microsoft.EventGrid/topics/t1`,
      properties: { endpoint: 'https://t1.westeurope-1.eventgrid.azure.net/api/events' },
    },
    {
      id: `${group}/providers/Microsoft.EventGrid/systemTopics/st1/eventSubscriptions/es1`,
      name: 'es1',
      properties: { provisioningState: 'Succeeded' },
    },
    {
      id: '/providers/Microsoft.Authorization/policyDefinitions/c26596ff-4d70-4e6a-9a30-c2506bd2f80c',
      properties: {},
    },
  ],
};

function scaleSet(resourceGroup: string, name: string): JsonObject {
  return {
    id: `${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`,
    name,
    location: 'westus2',
    properties: {},
  };
}
