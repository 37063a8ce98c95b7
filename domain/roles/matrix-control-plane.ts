import type { NodePool } from '../cluster';
import { nodeSubnets } from '../cluster';
import { canonicalArmId } from '../ids';
import type { ClusterView, VaultReading } from '../snapshot';
import type { Link, MatrixRow } from './matrix-row';
import {
  assignIdentity,
  groupOf,
  joinAddress,
  joinPrefix,
  joinSubnet,
  linksTo,
  parentOf,
  subscriptionOf,
} from './matrix-row';

const controlPlane = { principal: 'controlPlane', role: 'Network Contributor' } as const;

/** Sources: the AKS articles on each feature; "AKS service permissions" for the actions. */
export const controlPlaneRows: readonly MatrixRow[] = [
  {
    ...controlPlane,
    id: 'RR-NODERG',
    role: 'Contributor',
    managedBy: 'aks',
    leastPrivilege: [],
    links: (view) =>
      view.controlPlane.kind === 'servicePrincipal'
        ? []
        : linksTo([nodeGroupOf(view)], 'node resource group'),
  },
  {
    ...controlPlane,
    id: 'RR-SUBNET',
    leastPrivilege: joinSubnet,
    links: (view) => poolLinks(view, ({ subnet }) => subnet, 'vnetSubnetID'),
  },
  {
    ...controlPlane,
    id: 'RR-PODSUBNET',
    leastPrivilege: joinSubnet,
    links: (view) => poolLinks(view, ({ podSubnet }) => podSubnet, 'podSubnetID'),
  },
  {
    ...controlPlane,
    id: 'RR-APISUBNET',
    leastPrivilege: joinSubnet,
    links: ({ links }) => linksTo([links.apiServerSubnet], 'apiServerAccessProfile.subnetId'),
  },
  {
    ...controlPlane,
    id: 'RR-HOSTEDSUBNET',
    leastPrivilege: joinSubnet,
    links: ({ links }) => linksTo(links.hostedSubnets, 'hostedSystemProfile'),
  },
  {
    ...controlPlane,
    id: 'RR-ROUTETABLE',
    leastPrivilege: [
      'Microsoft.Network/routeTables/read',
      'Microsoft.Network/routeTables/write',
      'Microsoft.Network/routeTables/routes/read',
      'Microsoft.Network/routeTables/routes/write',
      'Microsoft.Network/routeTables/routes/delete',
    ],
    links: ({ links, routeTables = [] }) =>
      linksTo(links.kubenet ? routeTables : [], 'kubenet with a route table on the node subnet'),
  },
  {
    ...controlPlane,
    id: 'RR-PDNSZONE',
    role: 'Private DNS Zone Contributor',
    leastPrivilege: ['Microsoft.Network/privateDnsZones/*'],
    links: ({ links }) => linksTo([links.privateDnsZone], 'apiServerAccessProfile.privateDNSZone'),
  },
  {
    ...controlPlane,
    id: 'RR-VNET-PDNS',
    leastPrivilege: [
      'Microsoft.Network/virtualNetworks/read',
      'Microsoft.Network/virtualNetworks/join/action',
      ...joinSubnet,
    ],
    links: privateEndpointNetworks,
  },
  {
    ...controlPlane,
    id: 'RR-DES',
    role: 'Reader',
    leastPrivilege: ['Microsoft.Compute/diskEncryptionSets/read'],
    links: ({ links }) => linksTo([links.diskEncryptionSet], 'diskEncryptionSetID'),
  },
  {
    ...controlPlane,
    id: 'RR-OUTIP',
    leastPrivilege: joinAddress,
    links: ({ links }) =>
      linksTo(links.outboundAddresses, 'networkProfile.loadBalancerProfile.outboundIPs'),
  },
  {
    ...controlPlane,
    id: 'RR-OUTPREFIX',
    leastPrivilege: joinPrefix,
    links: ({ links }) =>
      linksTo(links.outboundPrefixes, 'networkProfile.loadBalancerProfile.outboundIPPrefixes'),
  },
  {
    ...controlPlane,
    id: 'RR-NODEPREFIX',
    leastPrivilege: joinPrefix,
    links: (view) =>
      poolLinks(view, ({ publicIpPrefix }) => publicIpPrefix, 'nodePublicIPPrefixID'),
  },
  {
    ...controlPlane,
    id: 'RR-KUBELET-MIO',
    role: 'Managed Identity Operator',
    leastPrivilege: assignIdentity,
    links: ({ kubelet }) =>
      linksTo(
        [kubelet?.resourceId],
        'identityProfile.kubeletidentity.resourceId outside the node resource group',
      ),
  },
  {
    ...controlPlane,
    id: 'RR-KMS-CRYPTO',
    role: 'Key Vault Crypto User',
    leastPrivilege: [
      'Microsoft.KeyVault/vaults/keys/read',
      'Microsoft.KeyVault/vaults/keys/encrypt/action',
      'Microsoft.KeyVault/vaults/keys/decrypt/action',
    ],
    links: keyVaultLinks,
  },
  {
    ...controlPlane,
    id: 'RR-KMS-PRIVATE',
    role: 'Key Vault Contributor',
    leastPrivilege: [
      'Microsoft.KeyVault/vaults/read',
      'Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action',
    ],
    links: (view) =>
      linksTo(
        [view.links.keyManagement?.privateVault === true ? vaultIdOf(view) : undefined],
        'securityProfile.azureKeyVaultKms.keyVaultNetworkAccess=Private',
      ),
  },
  {
    ...controlPlane,
    id: 'RR-CRG',
    role: 'Contributor',
    leastPrivilege: [
      'Microsoft.Compute/capacityReservationGroups/read',
      'Microsoft.Compute/capacityReservationGroups/deploy/action',
    ],
    links: (view) =>
      groupLinks(view, (pool) => pool.capacityReservationGroup, 'capacityReservationGroupID'),
  },
  {
    ...controlPlane,
    id: 'RR-HOSTGROUP',
    role: 'Contributor',
    leastPrivilege: ['Microsoft.Compute/hostGroups/read'],
    links: (view) => groupLinks(view, ({ hostGroup }) => hostGroup, 'hostGroupID'),
  },
  {
    ...controlPlane,
    id: 'RR-PODID-MIO',
    role: 'Managed Identity Operator',
    deprecated: true,
    leastPrivilege: assignIdentity,
    links: ({ podIdentity }) =>
      (podIdentity.enabled ? podIdentity.entries : []).flatMap(({ identityId, namespace, name }) =>
        linksTo([identityId], `podIdentityProfile.userAssignedIdentities[${namespace}/${name}]`),
      ),
  },
];

function nodeGroupOf({ armId, nodeResourceGroup }: ClusterView): string {
  return `${subscriptionOf(armId)}/resourceGroups/${nodeResourceGroup}`;
}

function poolLinks(
  { nodePools }: ClusterView,
  of: (pool: NodePool) => string | undefined,
  member: string,
): readonly Link[] {
  return nodePools.flatMap((pool) =>
    linksTo([of(pool)], `agentPoolProfiles[${pool.name}].${member}`),
  );
}

/** Documented at the resource group of what pools reserve, and for user-assigned identities only. */
function groupLinks(
  view: ClusterView,
  of: (pool: NodePool) => string | undefined,
  member: string,
): readonly Link[] {
  if (view.controlPlane.kind !== 'userAssigned') return [];
  return poolLinks(view, of, member).map((link) => ({ ...link, scope: groupOf(link.scope) }));
}

/** A private cluster links its zone to the network of its nodes, where that is not Azure's own affair. */
function privateEndpointNetworks(view: ClusterView): readonly Link[] {
  const { links, networksWithOwnDns = [] } = view;
  if (!links.privateCluster || links.publicDnsOnly) return [];
  const networks = [...new Set(nodeSubnets(view).map(parentOf))];
  if (links.privateDnsZone !== undefined) {
    return linksTo(networks, 'custom private DNS zone: virtual network link and private endpoint');
  }
  const own = networksWithOwnDns.map(canonicalArmId);
  return linksTo(
    networks.filter((network) => own.includes(canonicalArmId(network))),
    'private cluster in a virtual network with custom DNS servers',
  );
}

function keyVaultLinks(view: ClusterView): readonly Link[] {
  const vault = vaultOf(view);
  const scope = vaultIdOf(view);
  if (scope === undefined || vault?.rbac === false) return [];
  const uncertain = vault ? undefined : 'whether the vault grants by roles or by access policies';
  const why = ['securityProfile.azureKeyVaultKms.keyId'];
  const key = /\/keys\/([^/]+)/i.exec(view.links.keyManagement?.keyId ?? '')?.[1];
  const orAt = key === undefined ? {} : { orAt: `${scope}/keys/${key}` };
  return [{ scope, why, ...orAt, ...(uncertain !== undefined && { uncertain }) }];
}

/** The vault of the key that encrypts Kubernetes secrets, where it was read. */
export function vaultOf({ links, vaults = [] }: ClusterView): VaultReading | undefined {
  const { keyManagement } = links;
  if (!keyManagement) return undefined;
  const host = /^https:\/\/([^./]+)\./i.exec(keyManagement.keyId)?.[1] ?? '';
  return vaults.find(
    ({ id, name }) =>
      canonicalArmId(id) === canonicalArmId(keyManagement.vaultId) ||
      name.toLowerCase() === host.toLowerCase(),
  );
}

function vaultIdOf(view: ClusterView): string | undefined {
  const named = view.links.keyManagement?.vaultId;
  return named !== undefined && named !== '' ? named : vaultOf(view)?.id;
}
