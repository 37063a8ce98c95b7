import type {
  AddOn,
  AppRouting,
  ClusterAccess,
  ClusterFacts,
  ControlPlaneIdentity,
  KubeletIdentity,
  NodePool,
  PodIdentityEntry,
} from '../cluster';
import { toClusterId } from '../ids';
import { ArmCluster } from './cluster-body';
import type { ArmAgentPool, ArmIdentity } from './cluster-body';
import { clusterLinks } from './cluster-links';
import { owningTool } from './owning-tool';

/**
 * What the body of a managed cluster tells.
 *
 * @param body as ARM or Resource Graph sends it.
 * @throws Error when it is not the body of a managed cluster.
 */
export function toClusterFacts(body: unknown): ClusterFacts {
  const cluster = ArmCluster.parse(body);
  const id = toClusterId(cluster.id);
  if (!id) throw new Error(`not a managed cluster: ${cluster.id}`);
  const { properties, identity } = cluster;
  const kubelet = identityOf(properties.identityProfile.kubeletidentity);
  const routing = appRouting(cluster);
  const tool = owningTool(cluster.tags);
  return {
    id,
    armId: cluster.id,
    name: cluster.name,
    location: cluster.location,
    resourceUid: properties.resourceUID,
    provisioningState: properties.provisioningState,
    stopped: isStopped(properties.powerState),
    kubernetesVersion: properties.currentKubernetesVersion || properties.kubernetesVersion,
    nodeResourceGroup: properties.nodeResourceGroup,
    nodeResourceGroupLocked: is(properties.nodeResourceGroupProfile.restrictionLevel, 'readonly'),
    ...(tool !== undefined && { managedBy: tool }),
    controlPlane: controlPlaneIdentity(cluster),
    ...(kubelet && { kubelet }),
    shown: {
      type: identity.type,
      clientId: properties.servicePrincipalProfile.clientId,
      userAssigned: Object.keys(identity.userAssignedIdentities),
    },
    nodePools: properties.agentPoolProfiles.map(nodePool),
    podIdentity: {
      enabled: properties.podIdentityProfile.enabled,
      entries: podIdentityEntries(cluster),
    },
    addOns: addOns(cluster),
    ...(routing && { appRouting: routing }),
    access: access(cluster),
    oidcIssuer: properties.oidcIssuerProfile.enabled ? properties.oidcIssuerProfile.issuerURL : '',
    links: clusterLinks(properties),
  };
}

/** The one application id that is a word. */
function withoutCase(clientId: string): string {
  return is(clientId, 'msi') ? 'msi' : clientId;
}

function is(text: string, expected: string): boolean {
  return text.toLowerCase() === expected;
}

function isStopped(powerState: { readonly code: string }): boolean {
  return is(powerState.code, 'stopped');
}

function nodePool(pool: ArmAgentPool): NodePool {
  return {
    name: pool.name,
    mode: pool.mode,
    osType: pool.osType,
    type: pool.type,
    count: pool.count,
    provisioningState: pool.provisioningState,
    stopped: isStopped(pool.powerState),
    imageVersion: pool.nodeImageVersion,
    ...(pool.vnetSubnetID !== '' && { subnet: pool.vnetSubnetID }),
    ...(pool.podSubnetID !== '' && { podSubnet: pool.podSubnetID }),
    ...(pool.nodePublicIPPrefixID !== '' && { publicIpPrefix: pool.nodePublicIPPrefixID }),
    ...(pool.capacityReservationGroupID !== '' && {
      capacityReservationGroup: pool.capacityReservationGroupID,
    }),
    ...(pool.hostGroupID !== '' && { hostGroup: pool.hostGroupID }),
  };
}

function controlPlaneIdentity(cluster: ArmCluster): ControlPlaneIdentity {
  const { identity, properties } = cluster;
  const clientId = withoutCase(properties.servicePrincipalProfile.clientId);
  if (hasFailedSwitch(cluster)) return { kind: 'servicePrincipal', clientId };
  switch (identity.type.toLowerCase()) {
    case 'userassigned': {
      const [[resourceId, { principalId }] = ['', { principalId: '' }]] = Object.entries(
        identity.userAssignedIdentities,
      );
      return { kind: 'userAssigned', resourceId, principalId };
    }
    case 'systemassigned':
      return { kind: 'systemAssigned', principalId: identity.principalId };
    default:
      return { kind: 'servicePrincipal', clientId };
  }
}

/**
 * A switch shows the new identity at once and the kubelet's when it is done: a cluster that has failed
 * with the one and without the other is not switched.
 */
function hasFailedSwitch({ properties }: ArmCluster): boolean {
  const state = properties.provisioningState.toLowerCase();
  const kubelet = identityOf(properties.identityProfile.kubeletidentity);
  return ['failed', 'canceled'].includes(state) && !kubelet;
}

function identityOf(identity: ArmIdentity): KubeletIdentity | undefined {
  return identity.resourceId === '' ? undefined : addOnIdentity(identity);
}

/** Add-ons may show no more of their identity than who it is. */
function addOnIdentity({
  resourceId,
  objectId,
  clientId,
}: ArmIdentity): KubeletIdentity | undefined {
  if (`${resourceId}${objectId}` === '') return undefined;
  return { resourceId, objectId, ...(clientId !== '' && { clientId }) };
}

function podIdentityEntries({ properties }: ArmCluster): PodIdentityEntry[] {
  return properties.podIdentityProfile.userAssignedIdentities.map(
    ({ name, namespace, identity, provisioningState }) => ({
      name,
      namespace,
      identityId: identity.resourceId,
      provisioningState,
      ...(identity.objectId !== '' && { objectId: identity.objectId }),
    }),
  );
}

function addOns({ properties }: ArmCluster): AddOn[] {
  return Object.entries(properties.addonProfiles)
    .filter(([, profile]) => profile.enabled)
    .map(([key, { config, identity }]) => {
      const own = addOnIdentity(identity);
      const texts = Object.entries(config).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
      );
      return {
        key: key.toLowerCase(),
        config: Object.fromEntries(texts) as Record<string, string>,
        ...(own && { identity: own }),
      };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function appRouting({ properties }: ArmCluster): AppRouting | undefined {
  const { enabled, dnsZoneResourceIds, identity, nginx } = properties.ingressProfile.webAppRouting;
  if (!enabled) return undefined;
  const own = addOnIdentity(identity);
  return {
    dnsZones: dnsZoneResourceIds.filter((zone) => zone !== ''),
    nginx: !is(nginx.defaultIngressControllerType, 'none'),
    ...(own && { identity: own }),
  };
}

function access({ properties }: ArmCluster): ClusterAccess {
  const { aadProfile } = properties;
  const legacy = `${aadProfile?.clientAppID ?? ''}${aadProfile?.serverAppID ?? ''}` !== '';
  const managed = aadProfile?.managed === true;
  return {
    localAccounts: !properties.disableLocalAccounts,
    kubernetesRbac: properties.enableRBAC,
    entra: legacy ? 'legacy' : managed ? 'managed' : 'none',
    managedEntra: managed,
    azureRbac: aadProfile?.enableAzureRBAC === true,
  };
}
