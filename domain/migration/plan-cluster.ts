import { codesOf, worstStatus } from './codes';
import type { ClusterMigration } from './document';
import { planWorkload } from './plan-workload';
import type { ClusterContext } from './reading/cluster-context';
import { isUsedBinding } from './reading/matching';
import { inOrder } from './reading/values';
import { planCleanup } from './rules/clean-up';
import { judgeCluster } from './rules/cluster-rule';
import { otherConsumers } from './rules/consumers';
import type { CredentialPlan, CredentialWish } from './rules/federated-credentials';
import { accountMigrations, decideAccounts } from './rules/service-accounts';
import type { AccountDecision } from './rules/service-accounts';
import { draftWorkload, takesPart } from './rules/workload-draft';
import type { WorkloadDraft } from './rules/workload-draft';

/** A cluster judged by itself: before it is known whether its identities have room for its credentials. */
export interface ClusterReview {
  readonly context: ClusterContext;
  readonly drafts: readonly WorkloadDraft[];
  readonly decisions: ReadonlyMap<WorkloadDraft, AccountDecision>;
  readonly wishes: readonly CredentialWish[];
}

export function reviewCluster(context: ClusterContext): ClusterReview {
  const drafts = context.candidates.map((workload) => draftWorkload(workload, context));
  const decisions = decideAccounts(drafts.filter(takesPart), context);
  return {
    context,
    drafts,
    decisions: new Map(decisions.map((decision) => [decision.draft, decision])),
    wishes: decisions.flatMap((decision) => wishesOf(decision, context)),
  };
}

/** Every identity of a workload must trust its account, also those that it names itself. */
export function wishesOf(
  { draft, name }: AccountDecision,
  { cluster }: ClusterContext,
): readonly CredentialWish[] {
  const { namespace } = draft.workload;
  return draft.identities.map(({ federates, clientId }) => ({
    federates,
    clientId,
    cluster,
    namespace,
    account: name,
  }));
}

export function planCluster(
  { context, drafts, decisions }: ClusterReview,
  credentials: CredentialPlan,
): ClusterMigration {
  const { cluster, installed } = context;
  const { issues, steps, dead } = judgeCluster(context);
  const planned = drafts.map((draft) => {
    const decision = decisions.get(draft);
    const states = decision ? wishesOf(decision, context).map(credentials.stateOf) : [];
    return { draft, plan: planWorkload({ draft, ...(decision && { decision }), states, context }) };
  });
  const outcomes = planned.map(({ draft, plan }) => ({ draft, status: plan.status }));
  const matches = drafts.flatMap((draft) => draft.matches);
  return {
    id: cluster.id,
    name: cluster.name,
    installMode: installed.mode,
    namespaced: installed.namespaced,
    status: worstStatus(issues),
    codes: codesOf(issues),
    steps,
    deadPodIdentities: dead.map(({ key }) => key),
    workloads: planned.map(({ plan }) => plan),
    serviceAccounts: accountMigrations([...decisions.values()], context),
    unusedBindings: context.podIdentity.bindings
      .filter((binding) => !isUsedBinding(binding, matches))
      .map(({ key }) => key)
      .sort(inOrder),
    otherConsumers: otherConsumers(context),
    cleanup: planCleanup(outcomes, context),
  };
}
