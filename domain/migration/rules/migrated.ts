import { objectsIn, textIn } from '../json';
import type { ClusterContext } from '../reading/cluster-context';
import { allContainers } from '../reading/pod-template';
import type { PodTemplate } from '../reading/pod-template';
import type { WorkloadAuth } from '../document';
import { sidecarAnnotation, useLabel } from '../words';
import type { CredentialState } from './federated-credentials';
import type { AccountDecision } from './service-accounts';
import { isExcludedNamespace } from './sidecar-blockers';

/**
 * R11: whether a workload uses Workload ID already, in whole: its pods ask for it, its account acts for its
 * identity, and every identity trusts the account.
 */
export function isMigrated(
  { draft, moved, action }: AccountDecision,
  credentials: readonly CredentialState[],
  { state }: ClusterContext,
): boolean {
  const { template, namespace } = draft.workload;
  const excluded = isExcludedNamespace(state, namespace);
  const wantsSidecar = draft.path.declared === 'imds';
  return (
    usesWorkloadId(template) &&
    !moved &&
    action === 'none' &&
    credentials.every(({ is }) => is === 'right') &&
    // The webhook does not come here: only what the template brings along counts.
    (!excluded || mountsToken(template)) &&
    (!wantsSidecar || template.annotations.has(sidecarAnnotation))
  );
}

export function usesWorkloadId({ labels }: PodTemplate): boolean {
  return labels.get(useLabel) === 'true';
}

/** How a migrated workload's pods get tokens now. */
export function presentAuth(template: PodTemplate, excluded: boolean): WorkloadAuth {
  if (excluded) return 'static';
  return template.annotations.has(sidecarAnnotation) ? 'sidecar' : 'direct';
}

function mountsToken(template: PodTemplate): boolean {
  return allContainers(template).some(({ env }) =>
    objectsIn(env).some(({ name }) => textIn(name) === 'AZURE_FEDERATED_TOKEN_FILE'),
  );
}
