import type { ClusterSnapshot } from '../domain/cluster';
import { FailureError, assertNever } from '../domain/outcome';
import type { Policy } from '../domain/policy';
import type { Step } from '../domain/steps';
import { assignRoles } from './assign-roles';
import { enableManagedIdentity } from './enable-managed-identity';
import { registerFeature } from './register-feature';
import { retirePodIdentity } from './retire-pod-identity';
import { rollNodeImages } from './roll-node-images';
import { unregisterFeature } from './unregister-feature';
import type { Run, Workflow } from './workflow';

export interface ApplyPlanInput {
  readonly snapshot: ClusterSnapshot;
  readonly plan: { readonly id: string; readonly steps: readonly Step[] };
  readonly policy: Policy;
}

/** Object ids that the steps learn on the way: an identity is created before it gets its roles. */
interface Principals {
  controlPlane: string;
  kubelet: string;
}

/**
 * Carries out the steps of a stored plan, in order, each as a child run of its own.
 *
 * @param onApplied is told after each step how many are done.
 * @throws FailureError of the first step that is refused; the ones before it stay applied.
 */
export function* applyPlan(
  workflow: Workflow,
  { snapshot, plan, policy }: ApplyPlanInput,
  onApplied: (done: number) => void,
): Run<void> {
  const principals = knownPrincipals(snapshot);
  const total = plan.steps.length;
  for (const [done, step] of plan.steps.entries()) {
    workflow.report({ step: step.kind, done, total, planId: plan.id });
    yield* applyStep(workflow, step, { snapshot, policy, principals, suffix: String(done + 1) });
    onApplied(done + 1);
  }
}

function knownPrincipals({ controlPlane, kubelet, targetIdentity }: ClusterSnapshot): Principals {
  return {
    controlPlane:
      controlPlane.kind === 'servicePrincipal'
        ? (targetIdentity?.principalId ?? '')
        : controlPlane.principalId,
    kubelet: kubelet?.objectId ?? '',
  };
}

interface StepContext {
  readonly snapshot: ClusterSnapshot;
  readonly policy: Policy;
  readonly principals: Principals;
  readonly suffix: string;
}

function* applyStep(workflow: Workflow, step: Step, context: StepContext): Run<void> {
  const { child, activities } = workflow;
  const { principals, suffix } = context;
  const clusterId = context.snapshot.id;
  switch (step.kind) {
    case 'registerFeature':
      yield* child(registerFeature, featureOf(step), suffix);
      return;
    case 'unregisterFeature':
      yield* child(unregisterFeature, featureOf(step), suffix);
      return;
    case 'retirePodIdentity':
      yield* child(retirePodIdentity, { clusterId, deadEntries: step.deadEntries }, suffix);
      return;
    case 'createIdentity': {
      const { resourceId, location } = step;
      const created = yield* activities.createIdentity({ clusterId, resourceId, location });
      principals.controlPlane = created.principalId;
      return;
    }
    case 'assignRoles':
      yield* child(assignRoles, rolesOf(step, context), suffix);
      return;
    case 'enableManagedIdentity': {
      const { identity } = step;
      const now = yield* child(enableManagedIdentity, { clusterId, identity }, suffix);
      principals.controlPlane = now.principalId;
      principals.kubelet = now.kubeletObjectId;
      return;
    }
    case 'rollNodeImages':
      yield* child(rollNodeImages, { clusterId, pools: step.pools }, suffix);
      return;
    default:
      assertNever(step);
  }
}

function featureOf({ subscriptionId, feature }: Extract<Step, { feature: string }>): {
  subscriptionId: string;
  feature: string;
} {
  return { subscriptionId, feature };
}

function rolesOf(
  { principal, roles }: Extract<Step, { kind: 'assignRoles' }>,
  { principals, policy, snapshot }: StepContext,
) {
  const principalId = principals[principal];
  if (principalId === '') {
    throw new FailureError({
      code: 'NotVerified',
      message: `The ${principal} identity of ${snapshot.name} has no object id yet.`,
      next: 'Wait a few minutes until Azure shows the principal, then onboard the cluster again.',
      target: snapshot.armId,
    });
  }
  const { settleMinutes } = policy.roles;
  return { clusterId: snapshot.id, principalId, roles, settleMinutes };
}
