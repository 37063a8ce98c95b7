import { armCode, callArm } from '../clients/arm-errors';
import { clusterIdParts, armName, sameArmId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import { assignmentDescription, assignmentName } from '../domain/roles/assignment-name';
import { roles } from '../domain/roles/built-in-roles';
import { suffices } from '../domain/roles/coverage';
import { subscriptionOf } from '../domain/roles/matrix-row';
import type { RoleRequirement } from '../domain/roles/requirement';
import type { RoleAssignment } from '../domain/snapshot';
import { defineActivity } from './activity';
import { assignmentsAt } from './readings/assignments';
import { rememberBefore } from './undo-log';

export interface AssignRoleInput {
  readonly clusterId: ClusterId;
  /** Object id of the identity. */
  readonly principalId: string;
  readonly requirement: RoleRequirement;
}

/**
 * Assigns one role, under a name that is derived from scope, principal and role. Idempotent: an
 * assignment that is there, under whatever name or at a wider scope, is left alone.
 *
 * @returns whether this call created it; only then Azure needs time to honour it.
 */
export const assignRole = defineActivity(
  ['Microsoft.Authorization/roleAssignments/read', 'Microsoft.Authorization/roleAssignments/write'],
  async (
    { clusterId, principalId, requirement }: AssignRoleInput,
    context,
  ): Promise<{ readonly created: boolean }> => {
    const { clients, log } = context;
    const { role, scope, id } = requirement;
    const { subscriptionId } = clusterIdParts(clusterId);
    const { roleAssignments } = await clients.authorization(subscriptionId);
    const present = await assignmentsAt(clients, scope, principalId);
    const enough = present.some((one) => !one.conditional && suffices(one, requirement));
    if (enough) return { created: false };

    const name = assignmentName(scope, principalId, role);
    await rememberBefore(context, {
      action: 'assignRole',
      target: `${scope} ${name}`,
      before: null,
    });
    log.info('role.assigning', { clusterId, role, scope, principalId });
    const create = () =>
      roleAssignments.create(scope.slice(1), name, {
        roleDefinitionId: `${subscriptionOf(scope)}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
        principalId,
        principalType: 'ServicePrincipal', // without it ARM looks a fresh principal up and may not find it
        description: assignmentDescription(armName(clusterId), id),
      });
    return callArm(scope, async () => {
      try {
        await create();
        return { created: true };
      } catch (error) {
        if (armCode(error) !== 'roleassignmentexists') throw error;
        refuseCondition(present, requirement);
        return { created: false };
      }
    });
  },
);

/** Azure takes one assignment of a principal, role and scope: one with a condition blocks the other. */
function refuseCondition(
  present: readonly RoleAssignment[],
  { role, scope }: RoleRequirement,
): void {
  const blocks = present.some(
    (one) => one.conditional && one.role === roles[role] && sameArmId(one.scope, scope),
  );
  if (!blocks) return;
  throw new FailureError({
    code: 'Conflict',
    message: `The assignment of ${role} that is there has a condition.`,
    next: 'Remove the condition or the assignment, then onboard the cluster again.',
    target: scope,
  });
}
