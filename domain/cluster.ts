import { canonicalArmId } from './ids';
import type { ClusterId } from './ids';

/** What the managed cluster resource itself tells: plain data, read once, then only looked at. */
export interface ClusterFacts {
  readonly id: ClusterId;
  /** The id as ARM spells it, for people. */
  readonly armId: string;
  readonly name: string;
  readonly location: string;
  /** Tells a re-created cluster apart from its predecessor of the same id. */
  readonly resourceUid: string;
  readonly provisioningState: string;
  readonly stopped: boolean;
  readonly kubernetesVersion: string;
  readonly nodeResourceGroup: string;
  /** Azure denies every write in the node resource group. */
  readonly nodeResourceGroupLocked: boolean;
  /** The tool whose tag the cluster carries, such as `Terraform`: it will want its own state back. */
  readonly managedBy?: string;
  readonly controlPlane: ControlPlaneIdentity;
  readonly kubelet?: KubeletIdentity;
  /** What the cluster shows, whatever became of it: see {@link ControlPlaneIdentity} for what it is. */
  readonly shown: ShownIdentity;
  readonly nodePools: readonly NodePool[];
  readonly podIdentity: PodIdentityAddOn;
  readonly addOns: readonly AddOn[];
  readonly appRouting?: AppRouting;
  readonly access: ClusterAccess;
  /** URL as AKS shows it; empty while there is none. */
  readonly oidcIssuer: string;
  readonly links: ClusterLinks;
}

/** `identity.type` and the application, as the resource spells them. */
export interface ShownIdentity {
  readonly type: string;
  /** Of `servicePrincipalProfile`: `msi` for a managed identity. */
  readonly clientId: string;
  readonly userAssigned: readonly string[];
}

export type ControlPlaneIdentity =
  | { readonly kind: 'servicePrincipal'; readonly clientId: string }
  | { readonly kind: 'systemAssigned'; readonly principalId: string }
  | { readonly kind: 'userAssigned'; readonly resourceId: string; readonly principalId: string };

export interface KubeletIdentity {
  readonly resourceId: string;
  readonly objectId: string;
  readonly clientId?: string;
}

/** An add-on that is on. */
export interface AddOn {
  /** Lower-cased: AKS and its tools spell keys in several ways. */
  readonly key: string;
  /** Keys lower-cased. */
  readonly config: Readonly<Record<string, string>>;
  readonly identity?: KubeletIdentity;
}

export interface AppRouting {
  readonly dnsZones: readonly string[];
  /** The NGINX flavour serves ingress: `nginx.defaultIngressControllerType` is not `None`. */
  readonly nginx: boolean;
  readonly identity?: KubeletIdentity;
}

/** Who may sign in to the cluster, and how. */
export interface ClusterAccess {
  readonly localAccounts: boolean;
  readonly kubernetesRbac: boolean;
  readonly entra: 'none' | 'managed' | 'legacy';
  /** AKS manages the integration, whatever else is left of an older one. */
  readonly managedEntra: boolean;
  readonly azureRbac: boolean;
}

export interface NodePool {
  readonly name: string;
  readonly mode: string;
  readonly osType: string;
  readonly type: string;
  readonly count: number;
  readonly provisioningState: string;
  readonly stopped: boolean;
  readonly imageVersion: string;
  readonly subnet?: string;
  readonly podSubnet?: string;
  readonly publicIpPrefix?: string;
  readonly capacityReservationGroup?: string;
  readonly hostGroup?: string;
}

export interface PodIdentityAddOn {
  readonly enabled: boolean;
  readonly entries: readonly PodIdentityEntry[];
}

export interface PodIdentityEntry {
  readonly name: string;
  readonly namespace: string;
  readonly identityId: string;
  readonly provisioningState: string;
  readonly objectId?: string;
}

/** Resources outside the node resource group that the cluster's identity must be able to use. */
export interface ClusterLinks {
  readonly kubenet: boolean;
  readonly userDefinedRouting: boolean;
  readonly apiServerSubnet?: string;
  /** Subnets of a system pool that Azure hosts. */
  readonly hostedSubnets: readonly string[];
  /** Azure runs the nodes of the system pools. */
  readonly hostedSystem: boolean;
  readonly privateCluster: boolean;
  /** A private cluster whose name is resolved by public DNS alone. */
  readonly publicDnsOnly: boolean;
  /** A zone of your own; one that AKS manages is no link. */
  readonly privateDnsZone?: string;
  readonly diskEncryptionSet?: string;
  readonly outboundAddresses: readonly string[];
  readonly outboundPrefixes: readonly string[];
  readonly keyManagement?: KeyManagement;
  /** Registry that node bootstrap pulls from. */
  readonly bootstrapRegistry?: string;
}

/** Encryption of Kubernetes secrets by a key of your own. */
export interface KeyManagement {
  readonly keyId: string;
  readonly privateVault: boolean;
  /** ARM id of the vault, where the cluster names it. */
  readonly vaultId: string;
}

/** The identity a cluster is to get. */
export type DesiredIdentity =
  | { readonly kind: 'systemAssigned' }
  | { readonly kind: 'userAssigned'; readonly resourceId: string };

const settledStates = ['succeeded', 'failed', 'canceled'];

/** Whether Azure is at work on a resource: any state it does not end in. */
export function isBusy(provisioningState: string): boolean {
  return !settledStates.includes(provisioningState.toLowerCase());
}

/** Whether the cluster or one of its pools is being changed by anybody. */
export function isClusterBusy(cluster: ClusterFacts): boolean {
  return (
    isBusy(cluster.provisioningState) ||
    cluster.nodePools.some((pool) => isBusy(pool.provisioningState))
  );
}

/** Subnets of the nodes, each once, in ARM's spelling. */
export function nodeSubnets({ nodePools }: Pick<ClusterFacts, 'nodePools'>): readonly string[] {
  const ids = nodePools.flatMap(({ subnet }) => subnet ?? []);
  return [...new Map(ids.map((id) => [canonicalArmId(id), id])).values()].sort();
}

/** Whether an ARM id lies in the node resource group, where the control plane is Contributor. */
export function inNodeResourceGroup(
  { id, nodeResourceGroup }: Pick<ClusterFacts, 'id' | 'nodeResourceGroup'>,
  armId: string,
): boolean {
  const [, , subscription = ''] = id.split('/');
  const group = `/subscriptions/${subscription}/resourcegroups/${nodeResourceGroup.toLowerCase()}`;
  return `${canonicalArmId(armId)}/`.startsWith(`${group}/`);
}
