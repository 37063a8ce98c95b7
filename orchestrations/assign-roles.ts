import type { ClusterId } from '../domain/ids';
import type { RoleRequirement } from '../domain/roles/requirement';
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

const rounds = 3;

/**
 * Assigns roles to an identity and waits until Azure honours them. Nobody can test the access of
 * another principal, so the wait goes by the clock; afterwards the assignments are looked for again, and
 * what is gone is made again. Without a new assignment there is no wait.
 */
export function* assignRoles(
  workflow: Workflow,
  { clusterId, principalId, roles, settleMinutes }: AssignRolesInput,
): Run<{ readonly created: number }> {
  let created = 0;
  let unproven = roles;
  for (let round = 0; round < rounds && unproven.length > 0; round += 1) {
    const made: RoleRequirement[] = [];
    for (const requirement of unproven) {
      const input = { clusterId, principalId, requirement };
      const outcome = yield* workflow.activities.assignRole(input);
      if (outcome.created) made.push(requirement);
    }
    created += made.length;
    unproven = made;
    if (made.length > 0) yield* settleRoles(workflow, settleMinutes);
  }
  return { created };
}

/** Waits as long as Azure may take to honour a new role. */
export function* settleRoles(workflow: Workflow, settleMinutes: number): Run<void> {
  if (settleMinutes <= 0) return;
  waiting(workflow, {
    reason: 'rbac-propagation',
    text: `Azure takes up to ${settleMinutes} minutes to honour new roles`,
    until: new Date(workflow.now().getTime() + settleMinutes * 60_000).toISOString(),
  });
  yield* workflow.sleepSeconds(settleMinutes * 60);
}
