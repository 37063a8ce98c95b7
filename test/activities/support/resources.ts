import type { JsonObject } from '../../../simulator/json';
import { roles } from '../../../domain/roles/built-in-roles';
import type { Role } from '../../../domain/roles/built-in-roles';
import {
  armId,
  controlPlaneId,
  controlPlanePrincipal,
  identityId,
  kubelet,
  newImage,
  nodeSubnet,
  registry,
  servicePrincipal,
  subscriptionId,
} from '../../support/clusters';

const subscription = `/subscriptions/${subscriptionId}`;
export const routeTable = `${subscription}/resourceGroups/rg-net/providers/Microsoft.Network/routeTables/rt-nodes`;

/** A node pool as it stands in a cluster's body; a test overrides what it is about. */
export function aWirePool(name: string, overrides: JsonObject = {}): JsonObject {
  return {
    name,
    mode: name === 'system' ? 'System' : 'User',
    osType: 'Linux',
    type: 'VirtualMachineScaleSets',
    count: 3,
    vmSize: 'Standard_D4ds_v5',
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    orchestratorVersion: '1.34.6',
    currentOrchestratorVersion: '1.34.6',
    nodeImageVersion: newImage,
    upgradeSettings: { maxSurge: '33%' },
    eTag: `etag-${name}`,
    ...overrides,
  };
}

/** A cluster on a service principal, in a network that AKS made, as its GET answers. */
export function anOldWireCluster(properties: JsonObject = {}, top: JsonObject = {}): JsonObject {
  return {
    id: armId,
    name: 'aks-orders',
    type: 'Microsoft.ContainerService/ManagedClusters',
    location: 'westeurope',
    tags: { team: 'orders' },
    sku: { name: 'Base', tier: 'Standard' },
    eTag: 'etag-1',
    $truth: { secretEnds: '2027-08-01T00:00:00Z' },
    ...top,
    properties: {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      kubernetesVersion: '1.34.6',
      currentKubernetesVersion: '1.34.6',
      dnsPrefix: 'aks-orders-dns',
      fqdn: 'aks-orders-dns-1.hcp.westeurope.azmk8s.io',
      nodeResourceGroup: 'MC_rg-orders_aks-orders_westeurope',
      maxAgentPools: 100,
      resourceUID: '41cd9aff6634474fab46f13a',
      servicePrincipalProfile: { clientId: servicePrincipal.clientId },
      networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay' },
      aadProfile: { managed: true, enableAzureRBAC: true },
      disableLocalAccounts: true,
      agentPoolProfiles: [aWirePool('system'), aWirePool('apps')],
      ...properties,
    },
  };
}

/** The same cluster on its user-assigned identity. */
export function aWireCluster(properties: JsonObject = {}, top: JsonObject = {}): JsonObject {
  return anOldWireCluster(
    {
      servicePrincipalProfile: { clientId: 'msi' },
      identityProfile: { kubeletidentity: { ...kubelet, clientId: 'kubelet-client' } },
      ...properties,
    },
    {
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: {
          [controlPlaneId]: { principalId: controlPlanePrincipal, clientId: 'client' },
        },
      },
      ...top,
    },
  );
}

export function anIdentity(id: string, principalId = controlPlanePrincipal): JsonObject {
  return {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
    location: 'westeurope',
    properties: { principalId, clientId: `client-of-${principalId}`, tenantId: 'tenant' },
  };
}

/** The scale set of a pool; with the kubelet identity unless the nodes predate the switch. */
export function aScaleSet(pool: string, carries: 'kubelet identity' | 'nothing'): JsonObject {
  const { resourceId, objectId } = kubelet;
  return {
    id: `${subscription}/resourceGroups/MC_rg-orders_aks-orders_westeurope/providers/Microsoft.Compute/virtualMachineScaleSets/aks-${pool}-1-vmss`,
    name: `aks-${pool}-1-vmss`,
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location: 'westeurope',
    tags: { 'aks-managed-poolName': pool },
    ...(carries === 'kubelet identity' && {
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: { [resourceId]: { principalId: objectId, clientId: 'c' } },
      },
    }),
    properties: { provisioningState: 'Succeeded' },
  };
}

/** The virtual network of the nodes, with a route table on their subnet. */
export function aNetwork(): JsonObject {
  const id = nodeSubnet.slice(0, nodeSubnet.indexOf('/subnets/'));
  return {
    id,
    name: 'vnet',
    type: 'Microsoft.Network/virtualNetworks',
    location: 'westeurope',
    properties: {
      subnets: [
        { id: nodeSubnet, name: 'snet-nodes', properties: { routeTable: { id: routeTable } } },
      ],
    },
  };
}

export function aWireAssignment(role: Role, overrides: JsonObject = {}, name = '1'): JsonObject {
  const scope = typeof overrides['scope'] === 'string' ? overrides['scope'] : nodeSubnet;
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
      principalId: controlPlanePrincipal,
      principalType: 'ServicePrincipal',
      scope,
      condition: null,
      ...overrides,
    },
  };
}

export function aFeature(state: string, name = 'EnablePodIdentityPreview'): JsonObject {
  return {
    id: `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/${name}`,
    name: `Microsoft.ContainerService/${name}`,
    type: 'Microsoft.Features/providers/features',
    properties: { state },
  };
}

/** A lock on the cluster that lets nobody write. */
export function aLock(): JsonObject {
  return {
    id: `${armId}/providers/Microsoft.Authorization/locks/freeze`,
    name: 'freeze',
    type: 'Microsoft.Authorization/locks',
    properties: { level: 'ReadOnly' },
  };
}

/** A policy assignment on the cluster's resource group that denies cluster writes. */
export function aDenial(): JsonObject {
  const group = armId.slice(0, armId.indexOf('/providers/'));
  return {
    id: `${group}/providers/Microsoft.Authorization/policyAssignments/no-changes`,
    name: 'no-changes',
    type: 'Microsoft.Authorization/policyAssignments',
    properties: { scope: group, policyDefinitionId: '/definition' },
    $truth: { denies: ['Microsoft.ContainerService/managedClusters'] },
  };
}

/** The pod-identity add-on, on, with one entry for each name; an entry's identity is called like it. */
export function thePodIdentityAddOn(...names: readonly string[]): JsonObject {
  const userAssignedIdentities = names.map((name) => ({
    name,
    namespace: 'apps',
    identity: { resourceId: identityId(name), clientId: 'c', objectId: 'o' },
    provisioningState: 'Assigned',
  }));
  return { podIdentityProfile: { enabled: true, userAssignedIdentities } };
}

/** The registry that the policy of tests names. */
export function aRegistry(properties: JsonObject = {}): JsonObject {
  return {
    id: registry,
    name: 'contoso',
    type: 'Microsoft.ContainerRegistry/registries',
    location: 'westeurope',
    properties,
  };
}

export const vaultId = `${subscription}/resourceGroups/rg-sec/providers/Microsoft.KeyVault/vaults/kv`;

export function aVault(): JsonObject {
  return {
    id: vaultId,
    name: 'kv',
    type: 'Microsoft.KeyVault/vaults',
    location: 'westeurope',
    properties: { enableRbacAuthorization: true },
  };
}

/** What AKS itself grants the control plane. */
export function aNodeGroupRole(): JsonObject {
  const scope = `${subscription}/resourceGroups/MC_rg-orders_aks-orders_westeurope`;
  return aWireAssignment('Contributor', { scope }, 'of-node-group');
}

/** A role that is not built in. */
export const customRole = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/66666666-6666-4666-8666-666666666666`;
