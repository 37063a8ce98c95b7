import * as z from 'zod';

import type {
  ClusterFacts,
  ControlPlaneIdentity,
  KubeletIdentity,
  PodIdentityEntry,
} from './cluster';
import { toClusterId } from './ids';

// Lenient on purpose: only what Steward reads, and Azure may leave out or null any of it.
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
/** A nested object that may be missing: then as if it were there, with nothing in it. */
const part = <S extends z.ZodRawShape>(shape: S) => {
  const schema = z.object(shape);
  return schema.nullish().transform((value) => value ?? schema.parse({}));
};
const linked = z.object({ id: text });

const AgentPool = z.object({
  name: text,
  mode: text,
  osType: text,
  type: text,
  count: z
    .number()
    .nullish()
    .transform((value) => value ?? 0),
  provisioningState: text,
  powerState: part({ code: text }),
  nodeImageVersion: text,
  vnetSubnetID: text,
  podSubnetID: text,
  capacityReservationGroupID: text,
  hostGroupID: text,
});

const PodIdentity = z.object({
  name: text,
  namespace: text,
  provisioningState: text,
  identity: part({ resourceId: text }),
});

const Properties = z.object({
  provisioningState: text,
  powerState: part({ code: text }),
  kubernetesVersion: text,
  currentKubernetesVersion: text,
  nodeResourceGroup: text,
  resourceUID: text,
  servicePrincipalProfile: part({ clientId: text }),
  identityProfile: part({ kubeletidentity: part({ resourceId: text, objectId: text }) }),
  agentPoolProfiles: list(AgentPool),
  podIdentityProfile: part({ enabled: flag, userAssignedIdentities: list(PodIdentity) }),
  networkProfile: part({
    networkPlugin: text,
    loadBalancerProfile: part({
      outboundIPs: part({ publicIPs: list(linked) }),
      outboundIPPrefixes: part({ publicIPPrefixes: list(linked) }),
    }),
  }),
  apiServerAccessProfile: part({
    enablePrivateCluster: flag,
    privateDNSZone: text,
    enableVnetIntegration: flag,
    subnetId: text,
  }),
  diskEncryptionSetID: text,
  securityProfile: part({ azureKeyVaultKms: part({ enabled: flag }) }),
});

/** A managed cluster as ARM sends it: the members that Steward reads. */
export const ArmCluster = z.object({
  id: z.string(),
  name: text,
  location: text,
  identity: part({
    type: text,
    principalId: text,
    userAssignedIdentities: z
      .record(z.string(), part({ principalId: text }))
      .nullish()
      .transform((value) => value ?? {}),
  }),
  properties: Properties,
});
export type ArmCluster = z.infer<typeof ArmCluster>;

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
  const { properties } = cluster;
  const kubelet = kubeletIdentity(cluster);
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
    controlPlane: controlPlaneIdentity(cluster),
    ...(kubelet && { kubelet }),
    nodePools: properties.agentPoolProfiles.map((pool) => ({
      name: pool.name,
      mode: pool.mode,
      osType: pool.osType,
      type: pool.type,
      count: pool.count,
      provisioningState: pool.provisioningState,
      stopped: isStopped(pool.powerState),
      imageVersion: pool.nodeImageVersion,
    })),
    podIdentity: {
      enabled: properties.podIdentityProfile.enabled,
      entries: podIdentityEntries(cluster),
    },
    links: links(cluster),
  };
}

function isStopped(powerState: { readonly code: string }): boolean {
  return powerState.code.toLowerCase() === 'stopped';
}

function controlPlaneIdentity(cluster: ArmCluster): ControlPlaneIdentity {
  const { identity, properties } = cluster;
  const { clientId } = properties.servicePrincipalProfile;
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
function hasFailedSwitch(cluster: ArmCluster): boolean {
  const state = cluster.properties.provisioningState.toLowerCase();
  return ['failed', 'canceled'].includes(state) && !kubeletIdentity(cluster);
}

function kubeletIdentity({ properties }: ArmCluster): KubeletIdentity | undefined {
  const { kubeletidentity: kubelet } = properties.identityProfile;
  return kubelet.resourceId === '' ? undefined : kubelet;
}

function podIdentityEntries({ properties }: ArmCluster): PodIdentityEntry[] {
  return properties.podIdentityProfile.userAssignedIdentities.map(
    ({ name, namespace, identity, provisioningState }) => ({
      name,
      namespace,
      identityId: identity.resourceId,
      provisioningState,
    }),
  );
}

function links({ properties }: ArmCluster): ClusterFacts['links'] {
  const { agentPoolProfiles: pools, apiServerAccessProfile: api, networkProfile } = properties;
  const { outboundIPs, outboundIPPrefixes } = networkProfile.loadBalancerProfile;
  return {
    kubenet: networkProfile.networkPlugin.toLowerCase() === 'kubenet',
    nodeSubnets: distinct(pools.map((pool) => pool.vnetSubnetID)),
    podSubnets: distinct(pools.map((pool) => pool.podSubnetID)),
    ...(api.enableVnetIntegration && api.subnetId && { apiServerSubnet: api.subnetId }),
    // A zone that AKS manages is named by a word, one of your own by its id.
    ...(api.enablePrivateCluster &&
      api.privateDNSZone.startsWith('/') && { privateDnsZone: api.privateDNSZone }),
    ...(properties.diskEncryptionSetID && { diskEncryptionSet: properties.diskEncryptionSetID }),
    outboundAddresses: distinct(outboundIPs.publicIPs.map(({ id }) => id)),
    outboundPrefixes: distinct(outboundIPPrefixes.publicIPPrefixes.map(({ id }) => id)),
    keyManagement: properties.securityProfile.azureKeyVaultKms.enabled,
    capacityReservation: pools.some(
      (pool) => pool.capacityReservationGroupID !== '' || pool.hostGroupID !== '',
    ),
  };
}

/** The ids of a list without blanks and doubles, compared as ARM compares them, sorted. */
function distinct(ids: readonly string[]): string[] {
  const byKey = new Map(ids.filter((id) => id !== '').map((id) => [id.toLowerCase(), id]));
  return [...byKey.values()].sort();
}
