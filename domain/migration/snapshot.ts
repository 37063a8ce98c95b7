import type { NmiReading } from './nmi-silence';

/**
 * What a migration off pod identity is planned from: the fleet as Azure Resource Manager answers it, and every cluster
 * in scope as its API server answers it. Data only, in the spelling of the wire.
 */
export type Json = Readonly<Record<string, unknown>>;

export interface MigrationSnapshot {
  readonly fleet: FleetReading;
  /** By ARM id of the cluster. The clusters in here are in scope; others of the fleet are not migrated in this run. */
  readonly kubernetes: Readonly<Record<string, ClusterContent>>;
}

export interface FleetReading {
  readonly subscriptions: readonly SubscriptionReading[];
  /** `Microsoft.ContainerService/managedClusters` as GET answers. */
  readonly clusters: readonly Json[];
  /**
   * `userAssignedIdentities` as GET answers, with their credentials. One that is not listed does not exist. An
   * application that stands for a service principal may be listed, too, as `applications/{clientId}`.
   */
  readonly identities: readonly IdentityReading[];
  /** `Microsoft.Authorization/roleAssignments` as GET answers. */
  readonly roleAssignments: readonly Json[];
  /** Scale sets of the node resource groups: id, name, location, identity. */
  readonly vmss: readonly Json[];
}

export interface SubscriptionReading {
  readonly subscriptionId: string;
  /** State of preview features by name without the namespace. */
  readonly features: Readonly<Record<string, string>>;
}

export interface IdentityReading extends Json {
  readonly id: string;
  /** ARM child resources; absent where they could not be read. */
  readonly federatedIdentityCredentials?: readonly Json[];
  /** Azure answered 403 for the identity or for its credentials: it exists, and no more is known. */
  readonly forbidden?: boolean;
}

export interface ClusterContent {
  /** `gitVersion` of the API server, such as `v1.33.2`. */
  readonly serverVersion: string;
  /** Kubernetes objects as the API server answers them, `apiVersion` and `kind` included; never Secrets. */
  readonly objects: readonly Json[];
  /** Text of the log endpoint of NMI pods, by `namespace/pod`. */
  readonly podLogs?: Readonly<Record<string, string>>;
  /** What NMI pods had counted, by `namespace/pod`; those whose metric did not answer are left out. */
  readonly nmiCounts?: NmiReading;
}
