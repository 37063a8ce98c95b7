import { planOnboarding as planAsOf } from '../../domain/plan/onboarding-plan';
import type { OnboardingPlan, PlanOptions } from '../../domain/plan/onboarding-plan';
import type { Policy } from '../../domain/policy';
import { judge as judgeAsOf } from '../../domain/rules/judge';
import type { Judgement } from '../../domain/rules/judge';
import type { ClusterSnapshot, ClusterView } from '../../domain/snapshot';

/** The time of a test that does not care about time. */
export const asOf = '2026-11-24T08:00:00.000Z';

export function planOnboarding(
  snapshot: ClusterSnapshot,
  policy: Policy,
  options: Partial<PlanOptions> = {},
): OnboardingPlan {
  return planAsOf(snapshot, policy, { asOf, ...options });
}

export function judge(cluster: ClusterView, policy: Policy): Judgement {
  return judgeAsOf(cluster, { policy, asOf });
}
