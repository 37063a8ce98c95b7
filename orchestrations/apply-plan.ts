import type { Step, StepKind } from '../domain/plan/steps';
import type { Policy } from '../domain/policy';
import { principalsOf } from '../domain/roles/principals';
import type { Principals } from '../domain/roles/principals';
import type { PrincipalKey } from '../domain/roles/requirement';
import type { ClusterSnapshot, ExistingIdentity } from '../domain/snapshot';
import { applyStep } from './apply-step';
import type { PlannedCluster, Progressing } from './apply-step';
import type { Run, Workflow } from './workflow';

export interface ApplyPlanInput {
  readonly cluster: PlannedCluster;
  readonly plan: { readonly id: string; readonly steps: readonly Step[] };
  readonly policy: Policy;
}

/**
 * Carries out the steps of a stored plan, in order, each as a child run of its own.
 *
 * @param onApplied is told after each step how many are done.
 * @throws FailureError of the first step that is refused; the ones before it stay applied.
 */
export function* applyPlan(
  workflow: Workflow,
  { cluster, plan, policy }: ApplyPlanInput,
  onApplied: (done: number) => void,
): Run<void> {
  const kinds = plan.steps.map(({ kind }) => kind);
  const known = Object.entries({ ...presentPrincipals(cluster), ...newPrincipals(cluster, kinds) });
  const state: Progressing = {
    cluster,
    policy,
    principals: new Map(known as [PrincipalKey, string][]),
    rolesAreNew: false,
  };
  const total = plan.steps.length;
  for (const [done, step] of plan.steps.entries()) {
    workflow.report({ step: step.kind, done, total, planId: plan.id });
    yield* applyStep(step, { workflow, state, suffix: String(done + 1) });
    onApplied(done + 1);
  }
}

function presentPrincipals(cluster: PlannedCluster): Principals {
  return cluster.controlPlane ? principalsOf(cluster as ClusterSnapshot) : {};
}

function objectId(identity: ExistingIdentity | undefined): string {
  return identity?.principalId ?? '';
}

/** Who holds the rights when the plan is done: who is to be replaced gets none. */
function newPrincipals(cluster: PlannedCluster, kinds: readonly StepKind[]): Principals {
  const controlPlane = objectId(cluster.targetIdentity);
  const kubelet = objectId(cluster.targetKubelet);
  if (kinds.includes('createCluster')) return { controlPlane, kubelet };
  const switches = kinds.includes('enableManagedIdentity');
  const fromServicePrincipal = cluster.controlPlane?.kind === 'servicePrincipal';
  return {
    ...(switches && { controlPlane }),
    ...(switches && fromServicePrincipal && { kubelet: '' }),
    ...(kinds.includes('adoptKubeletIdentity') && { kubelet }),
  };
}
