import type { PodIdentityChange } from '../domain/pod-identity/change';
import { planPodIdentityChange } from '../domain/pod-identity/plan';
import type { OnboardingPlan } from '../domain/plan/onboarding-plan';
import type { Policy } from '../domain/policy';
import type { ClusterSnapshot } from '../domain/snapshot';
import type { Run, Workflow } from './workflow';

/** What a change of pod identities takes on a cluster, from a look at it and around it. */
export function* planPodIdentity(
  workflow: Pick<Workflow, 'activities' | 'now'>,
  change: PodIdentityChange,
  {
    snapshot,
    policy,
    ownFailure,
  }: {
    readonly snapshot: ClusterSnapshot;
    readonly policy: Policy;
    readonly ownFailure: boolean;
  },
): Run<OnboardingPlan> {
  const asOf = workflow.now().toISOString();
  const { id: clusterId } = snapshot;
  const survey = yield* workflow.activities.surveyPodIdentity({ clusterId, change, asOf });
  return planPodIdentityChange(change, { snapshot, survey, policy, asOf, ownFailure });
}

/** The change that follows a role is its own test of it: nobody has to wait by the clock. */
export function withoutSettling(policy: Policy): Policy {
  return { ...policy, roles: { ...policy.roles, settleMinutes: 0 } };
}
