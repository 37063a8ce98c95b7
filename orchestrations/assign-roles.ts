import type { ClusterId } from '../domain/ids';
import type { RoleRequirement } from '../domain/roles';
import { waiting } from './steps';
import type { Run, Workflow } from './workflow';

export interface AssignRolesInput {
  readonly clusterId: ClusterId;
  /** Object id of the identity. */
  readonly principalId: string;
  readonly roles: readonly RoleRequirement[];
  /** Minutes until the identity can count on a role that was assigned just now. */
  readonly settleMinutes: number;
}

/**
 * Assigns roles to an identity and waits until Azure honours them. Nobody can test the access of
 * another principal, so the wait goes by the clock; without a new assignment there is none.
 */
export function* assignRoles(
  workflow: Workflow,
  { clusterId, principalId, roles, settleMinutes }: AssignRolesInput,
): Run<{ readonly created: number }> {
  let created = 0;
  for (const requirement of roles) {
    const outcome = yield* workflow.activities.assignRole({ clusterId, principalId, requirement });
    if (outcome.created) created += 1;
  }
  if (created > 0 && settleMinutes > 0) {
    const until = new Date(workflow.now().getTime() + settleMinutes * 60_000).toISOString();
    waiting(workflow, {
      reason: 'rbac-propagation',
      text: `Azure takes up to ${settleMinutes} minutes to honour new roles`,
      until,
    });
    yield* workflow.sleepSeconds(settleMinutes * 60);
  }
  return { created };
}
