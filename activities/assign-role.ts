import { armCode, callArm } from '../clients/arm-errors';
import type { RoleAssignment } from '../domain/cluster';
import { armName, clusterIdParts, sameArmId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import type { RoleRequirement } from '../domain/roles';
import { assignmentName, missingRoles, roles } from '../domain/roles';
import { defineActivity } from './activity';
import { toRoleAssignment } from './readings/assignments';

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
    { clients, log },
  ): Promise<{ readonly created: boolean }> => {
    const { role, scope, id } = requirement;
    const { roleAssignments } = await clients.authorization(
      clusterIdParts(clusterId).subscriptionId,
    );
    const present = await callArm(scope, async () => {
      const found = [];
      const filter = `atScope() and assignedTo('${principalId}')`;
      for await (const each of roleAssignments.listForScope(scope.slice(1), { filter })) {
        // A right may come through a group; for the identity it is as good as its own.
        found.push({ ...toRoleAssignment(each), principalId });
      }
      return found;
    });
    if (missingRoles([requirement], principalId, present).length === 0) return { created: false };

    log.info('role.assigning', { clusterId, role, scope, principalId });
    const subscription = scope.split('/').slice(0, 3).join('/');
    const create = () =>
      roleAssignments.create(scope.slice(1), assignmentName(scope, principalId, role), {
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
        principalId,
        principalType: 'ServicePrincipal', // without it ARM looks a fresh principal up and may not find it
        description: `aks-identity-steward: ${armName(clusterId)} ${id}`,
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
