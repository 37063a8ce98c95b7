import { armName, canonicalArmId } from '../../ids';
import type { PodIdentityCleanup, WorkloadStatus } from '../document';
import type { ClusterContext } from '../reading/cluster-context';
import { deadAddonIdentities } from '../reading/fleet';
import { grouped, inOrder } from '../reading/values';
import { blockerName } from '../reading/workloads';
import { shadowConsumers } from './consumers';
import type { GoingIdentity } from './role-clean-up';
import { podIdentityClasses, secretProviderClass } from './workload-draft';
import type { WorkloadDraft } from './workload-draft';

export interface Outcome {
  readonly draft: WorkloadDraft;
  readonly status: WorkloadStatus;
}

/** R12: which pod identities can go, and who keeps the others. */
export function podIdentityCleanup(
  going: readonly GoingIdentity[],
  outcomes: readonly Outcome[],
  context: ClusterContext,
): readonly PodIdentityCleanup[] {
  const dead = new Set(
    deadAddonIdentities(context.cluster, context.fleet).map((identity) => identity.key),
  );
  const blockersOf = blockers(outcomes, context);
  return going.map((identity) => {
    const { namespace, name, key } = identity;
    if (dead.has(key)) return { namespace, name, removable: 'now', blockedBy: [] };
    const blockedBy = blockersOf(identity);
    return { namespace, name, removable: blockedBy.length === 0 ? 'after-soak' : 'no', blockedBy };
  });
}

function blockers(
  outcomes: readonly Outcome[],
  context: ClusterContext,
): (identity: GoingIdentity) => readonly string[] {
  const uses = outcomes.flatMap(({ draft, status }) =>
    draft.identities.map(({ key }) => ({ key, draft, status })),
  );
  const users = grouped(uses, ({ key }) => key);
  const shadowsOf = shadowConsumers(context);
  const done = new Set(
    outcomes.flatMap(({ draft, status }) =>
      status === 'migrated' ? [blockerName(draft.workload)] : [],
    ),
  );
  return (identity) => {
    const blocking = (users.get(identity.key) ?? []).flatMap(({ draft, status }) =>
      status === 'migrated' ? classesOf(draft, context) : [blockerName(draft.workload)],
    );
    const shadows = isManaged(identity) ? shadowsOf(namesOf(identity, context)) : [];
    const others = shadows.filter((name) => !done.has(name));
    return [...new Set([...blocking, ...others])].sort(inOrder);
  };
}

/** Such a class asks NMI for the pods that mount it, however the pods themselves get tokens. */
function classesOf({ workload }: WorkloadDraft, context: ClusterContext): readonly string[] {
  const { namespace } = workload;
  const kind = armName(secretProviderClass);
  return podIdentityClasses(workload, context).map((name) =>
    blockerName({ kind, namespace, name }),
  );
}

/** Only a managed identity is on the nodes. */
function isManaged({ resourceId }: GoingIdentity): boolean {
  return resourceId !== '';
}

function namesOf({ key, resourceId }: GoingIdentity, { podIdentity, fleet }: ClusterContext) {
  const declared = podIdentity.identities.get(key)?.clientId ?? '';
  const known = fleet.identities.get(canonicalArmId(resourceId))?.clientId ?? '';
  return { clientIds: [declared, known].filter((id) => id !== ''), resourceId };
}
