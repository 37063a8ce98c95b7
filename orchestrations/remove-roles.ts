import type { ClusterId } from '../domain/ids';
import type { RemovedAssignment } from '../domain/plan/steps';
import type { Run, Workflow } from './workflow';

export interface RemoveRolesInput {
  readonly clusterId: ClusterId;
  readonly assignments: readonly RemovedAssignment[];
}

/** Takes role assignments away, one after the other; each is looked at again before it goes. */
export function* removeRoles(
  workflow: Workflow,
  { clusterId, assignments }: RemoveRolesInput,
): Run<{ readonly removed: number }> {
  let removed = 0;
  for (const [done, assignment] of assignments.entries()) {
    workflow.report({ step: 'removeRole', done, total: assignments.length });
    const outcome = yield* workflow.activities.removeRole({ clusterId, assignment });
    if (outcome.removed) removed += 1;
  }
  return { removed };
}
