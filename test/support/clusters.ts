import type { NodePool } from '../../domain/cluster';
import { toClusterId } from '../../domain/ids';
import type { ClusterId } from '../../domain/ids';
import { Policy } from '../../domain/policy';
import { roles } from '../../domain/roles/built-in-roles';
import type { Role } from '../../domain/roles/built-in-roles';
import type { RoleRequirement } from '../../domain/roles/requirement';
import type { ClusterSnapshot, RoleAssignment } from '../../domain/snapshot';

export const subscriptionId = '4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001';
const subscription = `/subscriptions/${subscriptionId}`;

export const nodeSubnet = `${subscription}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/snet-nodes`;
export const registry = `${subscription}/resourceGroups/rg-shared/providers/Microsoft.ContainerRegistry/registries/contoso`;
export const controlPlaneId = identityId('id-aks-orders-cp');
export const controlPlanePrincipal = '11111111-1111-4111-8111-111111111111';
export const kubeletPrincipal = '22222222-2222-4222-8222-222222222222';
export const oldImage = 'AKSUbuntu-2204gen2containerd-202609.23.0';
export const newImage = 'AKSUbuntu-2204gen2containerd-202611.11.0';
export const servicePrincipal = {
  kind: 'servicePrincipal',
  clientId: '581cd26e-5287-4a1d-a759-5b42805d4b59',
} as const;

/** ARM id of a cluster as ARM spells it. */
export function armIdOf(name: string): string {
  return `${subscription}/resourceGroups/rg-orders/providers/Microsoft.ContainerService/managedClusters/${name}`;
}

export function clusterNamed(name: string): ClusterId {
  const id = toClusterId(armIdOf(name));
  if (!id) throw new Error(`no cluster can be called ${name}`);
  return id;
}

export const armId = armIdOf('aks-orders');
export const clusterId = clusterNamed('aks-orders');

export function identityId(name: string): string {
  return `${subscription}/resourceGroups/rg-orders/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
}

export function aPolicy(input: unknown = {}): Policy {
  return Policy.parse(input);
}

export function aPool(name: string, overrides: Partial<NodePool> = {}): NodePool {
  return {
    name,
    mode: name === 'system' ? 'System' : 'User',
    osType: 'Linux',
    type: 'VirtualMachineScaleSets',
    count: 3,
    provisioningState: 'Succeeded',
    stopped: false,
    imageVersion: newImage,
    subnet: nodeSubnet,
    ...overrides,
  };
}

export function anAssignment(role: Role, overrides: Partial<RoleAssignment> = {}): RoleAssignment {
  return {
    id: 'an-assignment',
    scope: nodeSubnet,
    principalId: controlPlanePrincipal,
    role: roles[role],
    conditional: false,
    ...overrides,
  };
}

/** A role that the control plane needs on the subnet of the nodes. */
export function aRequirement(overrides: Partial<RoleRequirement> = {}): RoleRequirement {
  return {
    id: 'RR-SUBNET',
    principal: 'controlPlane',
    role: 'Network Contributor',
    scope: nodeSubnet,
    why: ['agentPoolProfiles[system].vnetSubnetID'],
    leastPrivilege: ['Microsoft.Network/virtualNetworks/subnets/join/action'],
    ...overrides,
  };
}

/** The role that AKS gives the control plane on the node resource group. */
export function ofNodeGroup(principalId = controlPlanePrincipal): RoleAssignment {
  return anAssignment('Contributor', { id: 'of-node-group', scope: nodeGroup, principalId });
}

/** A cluster in order; a test overrides the one thing it is about. */
export function aCluster(overrides: Partial<ClusterSnapshot> = {}): ClusterSnapshot {
  return {
    ...withoutIdentity(),
    controlPlane: {
      kind: 'userAssigned',
      resourceId: controlPlaneId,
      principalId: controlPlanePrincipal,
    },
    kubelet,
    shown: { type: 'UserAssigned', clientId: 'msi', userAssigned: [controlPlaneId] },
    assignments: [anAssignment('Network Contributor'), ofNodeGroup()],
    ...overrides,
  };
}

/** A cluster on a service principal with old nodes, for which nothing has been prepared yet. */
export function anOldCluster(overrides: Partial<ClusterSnapshot> = {}): ClusterSnapshot {
  const shown = { type: '', clientId: servicePrincipal.clientId, userAssigned: [] };
  const nodePools = ['apps', 'system'].map((name) => aPool(name, { imageVersion: oldImage }));
  return { ...withoutIdentity(), nodePools, controlPlane: servicePrincipal, shown, ...overrides };
}

/** The node resource group. */
export const nodeGroup = `${subscription}/resourceGroups/MC_rg-orders_aks-orders_westeurope`;

/** The kubelet identity that AKS makes. */
export const kubelet = {
  resourceId: `${subscription}/resourceGroups/MC_rg-orders_aks-orders_westeurope/providers/Microsoft.ManagedIdentity/userAssignedIdentities/aks-orders-agentpool`,
  objectId: kubeletPrincipal,
};

function withoutIdentity(): Omit<ClusterSnapshot, 'controlPlane' | 'shown'> {
  return {
    id: clusterId,
    armId,
    name: 'aks-orders',
    location: 'westeurope',
    resourceUid: '41cd9aff6634474fab46f13a',
    provisioningState: 'Succeeded',
    stopped: false,
    kubernetesVersion: '1.34.6',
    nodeResourceGroup: 'MC_rg-orders_aks-orders_westeurope',
    nodeResourceGroupLocked: false,
    addOns: [],
    access: {
      ...{ localAccounts: false, kubernetesRbac: true, entra: 'managed' },
      ...{ managedEntra: true, azureRbac: true },
    },
    oidcIssuer: '',
    nodePools: [aPool('apps'), aPool('system')],
    podIdentity: { enabled: false, entries: [] },
    links: {
      kubenet: false,
      userDefinedRouting: false,
      hostedSubnets: [],
      hostedSystem: false,
      privateCluster: false,
      publicDnsOnly: false,
      outboundAddresses: [],
      outboundPrefixes: [],
    },
    routeTables: [],
    latestImages: { apps: newImage, system: newImage },
    poolsBeforeSwitch: [],
    missingIdentities: [],
    danglingIdentities: [],
    registries: { [registry.toLowerCase()]: 'rbac' },
    features: {},
    otherClusters: [],
    formerPrincipals: [],
    orphans: [],
    assignments: [],
  };
}

/** The add-on, on, with one entry for each name; an entry's identity is called like the entry. */
export function podIdentityWith(...names: readonly string[]): ClusterSnapshot['podIdentity'] {
  const entries = names.map((name) => ({
    name,
    namespace: 'apps',
    identityId: identityId(name),
    provisioningState: 'Assigned',
  }));
  return { enabled: true, entries };
}
