import type { ClusterFacts, PodIdentityEntry } from './cluster';
import type { Acceptance } from './pod-identity/acceptance';
import type { RoleRequirement } from './roles/requirement';

/**
 * What is read around a cluster, as far as somebody needs it. A member that is absent was not read: what
 * depends on it is unknown, never in order. Plain data: it lies in histories.
 */
export interface Surroundings {
  /** Route tables of the node subnets. */
  readonly routeTables?: readonly string[];
  /** Virtual networks of the nodes that ask DNS servers of their own. */
  readonly networksWithOwnDns?: readonly string[];
  /** Modes of registries by canonical ARM id; one that is absent could not be read. */
  readonly registries?: Readonly<Record<string, RegistryMode>>;
  readonly vaults?: readonly VaultReading[];
  /** Newest image on offer, by pool. */
  readonly latestImages?: Readonly<Record<string, string>>;
  /** Pools whose scale set does not carry the kubelet identity: their nodes predate the switch. */
  readonly poolsBeforeSwitch?: readonly string[];
  /** Linux pools whose pods can reach the metadata service of their node. */
  readonly poolsWithOpenMetadata?: readonly string[];
  /** ARM ids (as in the add-on's entries) of identities that do not exist any more. */
  readonly missingIdentities?: readonly string[];
  /** Identities the cluster itself refers to that do not exist. */
  readonly danglingIdentities?: readonly ('controlPlane' | 'kubelet')[];
  /** By name; in the subscription of the cluster. */
  readonly features?: Readonly<Record<string, FeatureReading>>;
  /** Registration states by namespace, lower-cased. */
  readonly providers?: Readonly<Record<string, string>>;
  /** Role assignments of every principal of the cluster, and of its groups. */
  readonly assignments?: readonly RoleAssignment[];
  /** Groups of a principal, by lower-cased object id. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** Names of the management groups above a subscription, by its lower-cased id. */
  readonly managementGroups?: Readonly<Record<string, readonly string[]>>;
  readonly denials?: readonly DenyAssignment[];
  /** What roles that are not built in permit, by GUID. */
  readonly customRoles?: Readonly<Record<string, readonly Permission[]>>;
  readonly assignmentUsage?: { readonly count: number; readonly limit: number };
  /** What the directory knows of the cluster's service principal. */
  readonly servicePrincipal?: ServicePrincipalReading;
  /** Object ids that the directory has not known for a day. */
  readonly orphans?: readonly string[];
  /** Principals that the cluster had before. */
  readonly formerPrincipals?: readonly FormerPrincipal[];
  /** Other clusters, as far as they may share a principal with this one. */
  readonly otherClusters?: readonly ClusterFacts[];
  readonly kubernetes?: KubernetesReading;
  readonly federatedCredentials?: readonly FederatedCredential[];
  /** When the cluster left its service principal; ISO 8601. */
  readonly identityChangedAt?: string;
  readonly locks?: readonly ResourceLock[];
  /** Somebody runs the pod-identity add-on on purpose. */
  readonly podIdentityAccepted?: Acceptance;
}

/** The cluster, and what is known of its surroundings: a sweep reads less than a run. */
export type ClusterView = ClusterFacts & Surroundings;

type Needed =
  | 'routeTables'
  | 'latestImages'
  | 'poolsBeforeSwitch'
  | 'missingIdentities'
  | 'features'
  | 'assignments';

/** Everything a plan is made from. */
export interface ClusterSnapshot
  extends ClusterFacts, Required<Pick<Surroundings, Needed>>, Omit<Surroundings, Needed> {
  /** The user-assigned identities that the policy names for this cluster, as far as they exist. */
  readonly targetIdentity?: ExistingIdentity;
  readonly targetKubelet?: ExistingIdentity;
}

export interface ExistingIdentity {
  readonly resourceId: string;
  readonly principalId: string;
}

/** How a registry grants: over itself (`rbac`), or over its repositories (`abac`). */
export type RegistryMode = 'rbac' | 'abac';

export interface VaultReading {
  readonly id: string;
  readonly name: string;
  /** Roles grant; otherwise access policies do. */
  readonly rbac: boolean;
}

export interface FeatureReading {
  /** `Registered`, `NotRegistered`, …; `Unavailable` where the cloud does not offer the flag. */
  readonly state: string;
  /** Clusters of the subscription that use what the flag enables, this one included. */
  readonly usedBy: number;
  /** When it came into this state, where that is known; ISO 8601. */
  readonly since?: string;
}

export interface RoleAssignment {
  readonly id: string;
  readonly scope: string;
  readonly principalId: string;
  /** Trailing GUID of the role definition, lower-cased. */
  readonly role: string;
  readonly conditional: boolean;
  /** What whoever made it wrote. */
  readonly description?: string;
}

export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

export interface DenyAssignment {
  readonly scope: string;
  readonly permissions: readonly Permission[];
  /** Object ids; empty for everybody. */
  readonly principals: readonly string[];
  readonly excluded: readonly string[];
  /** It holds at its scope alone. */
  readonly notBelow?: boolean;
}

export interface ServicePrincipalReading {
  /** Empty for one that was deleted. */
  readonly objectId: string;
  /** Of the secret or certificate that ends last; absent where none can be seen. */
  readonly secretEndsAt?: string;
}

export interface FormerPrincipal {
  readonly kind: 'servicePrincipal' | 'systemAssigned' | 'userAssigned' | 'kubelet';
  readonly objectId: string;
  readonly appId?: string;
  /** Since when the cluster does not use it any more; ISO 8601. */
  readonly until: string;
  /** Rights that its successor gets as well. */
  readonly passesOn?: readonly RoleRequirement[];
  /** Since when the directory does not know it; ISO 8601. */
  readonly missingSince?: string;
}

export interface FederatedCredential {
  /** ARM id of the identity. */
  readonly identity: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

export interface ResourceLock {
  readonly id: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
  readonly scope: string;
}

/** What the rules about identities need from inside the cluster. */
export interface KubernetesReading {
  /** Open-source pod identity assigns identities with the kubelet's rights. */
  readonly standardPodIdentity: boolean;
  /** Names of vaults that application routing takes certificates from. */
  readonly certificateVaults: readonly string[];
  readonly secretStores: readonly SecretStore[];
}

/** A `SecretProviderClass` that signs in with an identity of the nodes. */
export interface SecretStore {
  readonly name: string;
  readonly clientId: string;
  readonly vault: string;
  readonly secrets: boolean;
  readonly certificates: boolean;
}

/** Entries of the add-on whose managed identity still exists: workloads may be using them. */
export function livePodIdentities(
  view: Pick<ClusterFacts, 'podIdentity'> & Pick<Surroundings, 'missingIdentities'>,
): readonly PodIdentityEntry[] {
  const missing = view.missingIdentities ?? [];
  return view.podIdentity.entries.filter((entry) => !missing.includes(entry.identityId));
}

/** Around a cluster of which nothing was read, or which does not exist yet: nothing stands in the way of a plan. */
export const nothingAround = {
  routeTables: [],
  latestImages: {},
  poolsBeforeSwitch: [],
  missingIdentities: [],
  features: {},
  assignments: [],
} as const satisfies Surroundings;
