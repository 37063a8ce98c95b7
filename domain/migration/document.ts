/** How far a workload or cluster is from being migrated without a person; the worst comes last. */
export const statuses = [
  'ready',
  'needs-approval',
  'pull-request',
  'needs-input',
  'manual',
  'blocked',
] as const;
export type PlanStatus = (typeof statuses)[number];
export type WorkloadStatus = PlanStatus | 'unused' | 'migrated';

export type InstallMode = 'addon' | 'oss-standard' | 'oss-managed' | 'residue' | 'none';
export type Delivery = 'patch' | 'pull-request' | 'manual' | 'none';
/** How the pods get tokens: through the proxy sidecar, by a supporting SDK, by what the template itself mounts. */
export type WorkloadAuth = 'sidecar' | 'direct' | 'static' | 'none';

export interface MigrationPlan {
  readonly clusters: readonly ClusterMigration[];
  readonly identities: readonly IdentityMigration[];
  /** By subscription: whether the preview feature can go when this plan has been carried out. */
  readonly featureUnregister: Readonly<Record<string, boolean>>;
}

export interface ClusterMigration {
  readonly id: string;
  readonly name: string;
  readonly installMode: InstallMode;
  readonly namespaced: boolean;
  readonly status: PlanStatus;
  readonly codes: readonly string[];
  readonly steps: readonly ClusterStep[];
  /** `namespace/name`. */
  readonly deadPodIdentities: readonly string[];
  readonly workloads: readonly WorkloadMigration[];
  readonly serviceAccounts: readonly AccountMigration[];
  /** `namespace/name`. */
  readonly unusedBindings: readonly string[];
  readonly otherConsumers: readonly OtherConsumer[];
  readonly cleanup: CleanupPlan;
}

export type ClusterStep =
  | 'removeDeadPodIdentities'
  | 'enableManagedIdentity'
  | 'enableOidcIssuerAndWorkloadIdentity'
  | 'enableOidcIssuer'
  | 'enableWorkloadIdentity';

export interface WorkloadMigration {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly status: WorkloadStatus;
  readonly delivery: Delivery;
  readonly auth: WorkloadAuth;
  /** `namespace/name` of AzureIdentity objects. */
  readonly identities: readonly string[];
  readonly defaultClientId: string | null;
  readonly serviceAccount?: string;
  readonly codes: readonly string[];
  readonly templatePatch?: TemplatePatch;
}

export interface TemplatePatch {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly removeAnnotations: readonly string[];
  readonly serviceAccountName?: string;
  /** Put `azwi-proxy-init` first, so that init containers get tokens, too. */
  readonly pinProxyInit?: boolean;
  /** For `static`: what the template itself gets, as a pod spec's members. */
  readonly staticInjection?: StaticInjection;
}

export interface StaticInjection {
  readonly env: Readonly<Record<string, string>>;
  readonly mountPath: string;
  readonly audience: string;
  readonly expirationSeconds: number;
}

export interface AccountMigration {
  readonly namespace: string;
  readonly name: string;
  readonly action: 'annotate' | 'create' | 'none';
  readonly clientId: string;
  /** The account whose pull secrets the new one gets. */
  readonly copyFrom?: string;
  readonly imagePullSecrets?: readonly string[];
}

export interface OtherConsumer {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: string;
}

export interface CleanupPlan {
  readonly podIdentities: readonly PodIdentityCleanup[];
  /** `namespace/name`. */
  readonly exceptions: readonly string[];
  readonly roleAssignments: readonly RoleAssignmentCleanup[];
  readonly vmssIdentities: readonly ScaleSetIdentityCleanup[];
  readonly steps: readonly CleanupStep[];
}

export type CleanupStep =
  | 'deletePodIdentities'
  | 'deleteExceptions'
  | 'disableAddon'
  | 'deleteBindings'
  | 'waitMicUnassign'
  | 'removeVmssIdentities'
  | 'uninstallMic'
  | 'uninstallNmi'
  | 'verifyImds'
  | 'removeCrds'
  | 'removeRoleAssignments'
  | 'unregisterFeature';

export interface PodIdentityCleanup {
  readonly namespace: string;
  readonly name: string;
  readonly removable: 'no' | 'after-soak' | 'now';
  /** `Kind/namespace/name`. */
  readonly blockedBy: readonly string[];
}

export interface RoleAssignmentCleanup {
  readonly name: string;
  readonly action: 'remove' | 'propose' | 'keep';
  readonly reason: string;
}

export interface ScaleSetIdentityCleanup {
  readonly vmss: string;
  readonly identity: string;
  readonly action: 'keep' | 'mic-removes' | 'propose';
}

export interface IdentityMigration {
  readonly resourceId: string;
  readonly clientId: string;
  readonly ficsExisting: number;
  readonly ficsReused: readonly string[];
  readonly ficsToUpdate: readonly string[];
  readonly nearMissFics: readonly string[];
  readonly staleFics: readonly string[];
  readonly ficDeficit: number;
  readonly ficsToCreate: readonly NewCredential[];
}

export interface NewCredential {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Null while the issuer of the cluster is off. */
  readonly issuer: string | null;
  readonly subject: string;
  /** Known with the issuer. */
  readonly name?: string;
}
