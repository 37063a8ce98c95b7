import { armError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { World } from '../../world';

const type = 'Microsoft.Authorization/roleAssignments';

/** Refuses one more assignment in a subscription that is full. Those of management groups above it do not count. */
export function overLimit(id: string, { resources, behaviour }: World): ArmResponse | undefined {
  return resources.count(type, subscriptionIn(id)) < behaviour.roleAssignmentLimit
    ? undefined
    : armError(
        400,
        'RoleAssignmentLimitExceeded',
        'No more role assignments can be created in this subscription.',
      );
}

/** How much of the limit is used. */
export function usageMetrics(request: ArmRequest, { resources, behaviour }: World): ArmResponse {
  const subscriptionId = param(request, 'subscription');
  const { roleAssignmentLimit: roleAssignmentsLimit } = behaviour;
  const roleAssignmentsCurrentCount = resources.count(type, subscriptionId);
  const left = roleAssignmentsLimit - roleAssignmentsCurrentCount;
  const roleAssignmentsRemainingCount = Math.max(0, left);
  const counts = { roleAssignmentsLimit, roleAssignmentsCurrentCount };
  return { status: 200, body: { subscriptionId, ...counts, roleAssignmentsRemainingCount } };
}

function subscriptionIn(id: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '';
}
