import { statuses } from './document';
import type { PlanStatus } from './document';

/** What a plan says about a cluster or a workload, and how far that keeps it from being migrated without a person. */
export const codeStatus = {
  CLUSTER_STOPPED: 'blocked',
  CLUSTER_BUSY: 'blocked',
  CLUSTER_FAILED: 'blocked',
  K8S_TOO_OLD: 'blocked',
  STATIC_POD: 'blocked',
  VIRTUAL_NODE: 'blocked',
  IDENTITY_NOT_FOUND: 'blocked',
  IDENTITY_FORBIDDEN: 'blocked',
  FIC_REGION_UNSUPPORTED: 'blocked',
  SP_IDENTITY: 'blocked',
  SP_MULTI_TENANT_TOKENS: 'blocked',

  POD_WITHOUT_CONTROLLER: 'manual',
  JOB_IMMUTABLE: 'manual',
  UNSUPPORTED_OWNER: 'manual',

  MULTI_IDENTITY_NO_DEFAULT: 'needs-input',
  ENV_CLIENT_ID_MISMATCH: 'needs-input',
  ENV_TENANT_MISMATCH: 'needs-input',
  FIC_LIMIT: 'needs-input',
  // What keeps the sidecar out: a question while nobody has said how the pods get tokens.
  HOST_NETWORK: 'needs-input',
  WINDOWS: 'needs-input',
  PSA_ENFORCE: 'needs-input',
  JOB_SIDECAR_NEVER_COMPLETES: 'needs-input',
  QUOTA_REQUIRES_RESOURCES: 'needs-input',
  PROXY_UID_COLLISION: 'needs-input',
  IMDS_BY_RESOURCE_ID: 'needs-input',
  ADMISSION_EXCLUDED_NAMESPACE: 'needs-input',

  GITOPS_MANAGED: 'pull-request',
  IAC_MANAGED: 'pull-request',
  HELM_MANAGED: 'pull-request',

  OIDC_IRREVERSIBLE: 'needs-approval',
  SP_CLUSTER: 'needs-approval',
  DEAD_POD_IDENTITY: 'needs-approval',
  CLUSTER_FAILED_DEAD_IDENTITY: 'needs-approval',
  WEBHOOK_OSS_PRESENT: 'needs-approval',
  ADDON_AND_OSS: 'needs-approval',
  CLIENT_ID_STALE: 'needs-approval',
  FIC_AUDIENCE_MISMATCH: 'needs-approval',
  ENV_CLIENT_ID_UNRESOLVED: 'needs-approval',
  ENV_CREDENTIAL_PRESENT: 'needs-approval',
  SA_HAS_RBAC: 'needs-approval',
  SA_CLIENT_ID_CONFLICT: 'needs-approval',
  SA_SHARED_BY_IDENTITIES: 'needs-approval',
  INIT_CONTAINER_BYPASSES_PROXY: 'needs-approval',
  HPA_RESOURCE_METRIC: 'needs-approval',
  MESH_SIDECAR: 'needs-approval',
  BARE_REPLICASET: 'needs-approval',
  ROLLOUT_DOWNTIME: 'needs-approval',
  ROLLOUT_ON_DELETE: 'needs-approval',

  MULTI_IDENTITY: 'ready',
  DEFAULT_FROM_ENV: 'ready',
  DEFAULT_FROM_EVIDENCE: 'ready',
  SA_DEFAULT_REPLACED: 'ready',
  PROXY_INIT_PINNED: 'ready',
  PROXY_PORT_CHANGED: 'ready',
  SIDECAR_ANNOTATION_PRESENCE: 'ready',
  LABEL_IN_SELECTOR: 'ready',
  CSI_POD_IDENTITY: 'ready',
  KEDA_POD_IDENTITY: 'ready',
  PARTIALLY_MIGRATED: 'ready',
  FIC_NEAR_MISS: 'ready',
  KUBENET_NET_RAW: 'ready',
  SELECTOR_UNMATCHED: 'ready',
} as const satisfies Readonly<Record<string, PlanStatus>>;

export type MigrationCode = keyof typeof codeStatus;

/** A code on something, with the status that it has there. */
export interface Issue {
  readonly code: MigrationCode;
  readonly status: PlanStatus;
}

export function issue(code: MigrationCode, status: PlanStatus = codeStatus[code]): Issue {
  return { code, status };
}

/** The issues whose conditions hold. */
export function issuesIf(
  conditions: Readonly<Partial<Record<MigrationCode, boolean>>>,
): readonly Issue[] {
  const codes = Object.entries(conditions) as readonly [MigrationCode, boolean][];
  return codes.filter(([, holds]) => holds).map(([code]) => issue(code));
}

export function worstStatus(issues: readonly Issue[]): PlanStatus {
  const worst = Math.max(0, ...issues.map(({ status }) => statuses.indexOf(status)));
  return statuses[worst] ?? 'ready';
}

/** Each code once, sorted. */
export function codesOf(issues: readonly Issue[]): readonly MigrationCode[] {
  return [...new Set(issues.map(({ code }) => code))].sort();
}
