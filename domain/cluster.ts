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
  readonly controlPlane: ControlPlaneIdentity;
  readonly kubelet?: KubeletIdentity;
  readonly nodePools: readonly NodePool[];
  readonly podIdentity: PodIdentityAddOn;
  readonly links: ClusterLinks;
}

export type ControlPlaneIdentity =
  | { readonly kind: 'servicePrincipal'; readonly clientId: string }
  | { readonly kind: 'systemAssigned'; readonly principalId: string }
  | { readonly kind: 'userAssigned'; readonly resourceId: string; readonly principalId: string };

export interface KubeletIdentity {
  readonly resourceId: string;
  readonly objectId: string;
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
}

/** Resources outside the node resource group that the cluster's identity must be able to use. */
export interface ClusterLinks {
  readonly kubenet: boolean;
  readonly nodeSubnets: readonly string[];
  readonly podSubnets: readonly string[];
  readonly apiServerSubnet?: string;
  readonly privateDnsZone?: string;
  readonly diskEncryptionSet?: string;
  readonly outboundAddresses: readonly string[];
  readonly outboundPrefixes: readonly string[];
  readonly keyManagement: boolean;
  readonly capacityReservation: boolean;
}

/** Everything a plan is made from: the cluster, and what else had to be read around it. */
export interface ClusterSnapshot extends ClusterFacts {
  /** Route tables of the node subnets; read for kubenet clusters only. */
  readonly routeTables: readonly string[];
  /** Newest image on offer, by pool. */
  readonly latestImages: Readonly<Record<string, string>>;
  /** Pools whose scale set does not carry the kubelet identity: their nodes predate the switch. */
  readonly poolsBeforeSwitch: readonly string[];
  /** ARM ids (as in the add-on's entries) of identities that do not exist any more. */
  readonly missingIdentities: readonly string[];
  readonly features: Readonly<Record<string, FeatureReading>>;
  /** The user-assigned identity that the policy names for this cluster, if it exists already. */
  readonly targetIdentity?: { readonly resourceId: string; readonly principalId: string };
  /** Assignments of the principals that matter: the present and the target identity, the kubelet. */
  readonly assignments: readonly RoleAssignment[];
}

export interface FeatureReading {
  /** `Registered`, `NotRegistered`, …; `Unavailable` where the cloud does not offer the flag. */
  readonly state: string;
  /** Clusters of the subscription that use what the flag enables, this one included. */
  readonly usedBy: number;
}

export interface RoleAssignment {
  readonly id: string;
  readonly scope: string;
  readonly principalId: string;
  /** Trailing GUID of the role definition, lower-cased. */
  readonly role: string;
  readonly conditional: boolean;
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

/** Entries of the add-on whose managed identity still exists: workloads may be using them. */
export function livePodIdentities(snapshot: ClusterSnapshot): readonly PodIdentityEntry[] {
  return snapshot.podIdentity.entries.filter(
    (entry) => !snapshot.missingIdentities.includes(entry.identityId),
  );
}
