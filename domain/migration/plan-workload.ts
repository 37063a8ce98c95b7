import { codesOf, issuesIf, worstStatus } from './codes';
import type { Issue, MigrationCode } from './codes';
import type { Delivery, WorkloadMigration, WorkloadStatus } from './document';
import type { ClusterContext } from './reading/cluster-context';
import { inOrder } from './reading/values';
import type { CredentialState } from './rules/federated-credentials';
import { isMigrated, presentAuth, usesWorkloadId } from './rules/migrated';
import type { AccountDecision } from './rules/service-accounts';
import { isExcludedNamespace } from './rules/sidecar-blockers';
import { templatePatch } from './rules/template-patch';
import type { WorkloadDraft } from './rules/workload-draft';

const deliveries: Readonly<Record<WorkloadStatus, Delivery>> = {
  ready: 'patch',
  'needs-approval': 'patch',
  'pull-request': 'pull-request',
  manual: 'manual',
  'needs-input': 'none',
  blocked: 'none',
  unused: 'none',
  migrated: 'none',
};

export interface JudgedWorkload {
  readonly draft: WorkloadDraft;
  /** Undefined for a workload that acts as nobody, or that is blocked. */
  readonly decision?: AccountDecision;
  /** Of the credentials that its account needs. */
  readonly states: readonly CredentialState[];
  readonly context: ClusterContext;
}

/** All that is known of a workload, put together. */
export function planWorkload(judged: JudgedWorkload): WorkloadMigration {
  const { draft, decision, states, context } = judged;
  if (draft.matches.length === 0) {
    return { ...entry(draft, 'unused'), auth: 'none', codes: ['SELECTOR_UNMATCHED'] };
  }
  if (decision && isMigrated(decision, states, context)) return migratedWorkload(decision, context);
  const issues = allIssues(judged);
  const status = worstStatus(issues);
  const patched = decision && deliveries[status] !== 'none' && draft.path.auth !== 'none';
  return {
    ...entry(draft, status),
    auth: draft.path.auth,
    ...(decision && { serviceAccount: decision.name }),
    codes: codesOf(issues),
    ...(patched && { templatePatch: templatePatch(decision) }),
  };
}

function entry(
  { workload, identities, identity }: WorkloadDraft,
  status: WorkloadStatus,
): Omit<WorkloadMigration, 'auth' | 'codes'> {
  const { kind, namespace, name } = workload;
  return {
    kind,
    namespace,
    name,
    status,
    delivery: deliveries[status],
    identities: identities.map(({ key }) => key).sort(inOrder),
    defaultClientId: identity?.clientId ?? null,
  };
}

function allIssues({ draft, decision, states }: JudgedWorkload): readonly Issue[] {
  return [
    ...draft.issues,
    ...(decision?.issues ?? []),
    ...issuesIf({
      FIC_LIMIT: states.some(({ is }) => is === 'no-room'),
      FIC_AUDIENCE_MISMATCH: states.some(({ is }) => is === 'to-update'),
      FIC_NEAR_MISS: states.some(({ is, nearMiss }) => nearMiss && is !== 'right'),
      PARTIALLY_MIGRATED: usesWorkloadId(draft.workload.template),
    }),
  ];
}

const lasting: readonly MigrationCode[] = ['MULTI_IDENTITY', 'LABEL_IN_SELECTOR'];

function migratedWorkload(
  { draft, name }: AccountDecision,
  { state }: ClusterContext,
): WorkloadMigration {
  const { template, namespace } = draft.workload;
  return {
    ...entry(draft, 'migrated'),
    auth: presentAuth(template, isExcludedNamespace(state, namespace)),
    serviceAccount: name,
    codes: codesOf(draft.issues).filter((code) => lasting.includes(code)),
  };
}
