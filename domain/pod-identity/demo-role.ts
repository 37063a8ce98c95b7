import type { RemovedAssignment, Step } from '../plan/steps';
import { isOwnAssignment } from '../roles/assignment-name';
import { roles } from '../roles/built-in-roles';
import type { RoleRequirement } from '../roles/requirement';
import type { RoleAssignment } from '../snapshot';
import type { EntryIdentity } from './edits';
import { removal } from './operators';

const role = 'Virtual Machine Contributor';
const requirementId = 'RR-PODID-DEMO';

/**
 * The role that the demo of the add-on wants for the application's own identity: it lists the virtual machines of the
 * node group. Nothing else needs it, so that it is given only where somebody asks for it.
 */
export function demoSteps(
  nodeGroup: string,
  identities: readonly EntryIdentity[],
  present: readonly RoleAssignment[],
): readonly Step[] {
  return identities
    .filter(({ objectId }) => !present.some((one) => isOf(one, objectId) && isDemo(one)))
    .map(({ resourceId, objectId }) => ({
      kind: 'grantDemoRole',
      resourceId,
      principalId: objectId,
      role: requirement(nodeGroup),
    }));
}

/** Those that Steward has given to identities which lose their last entry. */
export function demoRemovals(
  principals: readonly string[],
  present: readonly RoleAssignment[],
): readonly RemovedAssignment[] {
  return present
    .filter(
      (one) =>
        principals.some((id) => isOf(one, id)) &&
        isDemo(one) &&
        isOwnAssignment(one) &&
        one.description?.endsWith(` ${requirementId}`) === true,
    )
    .map((one) => removal(one, 'of the demo of a pod identity that goes'));
}

function isOf({ principalId }: RoleAssignment, objectId: string): boolean {
  return principalId.toLowerCase() === objectId.toLowerCase();
}

function isDemo(assignment: RoleAssignment): boolean {
  return assignment.role === roles[role];
}

function requirement(scope: string): RoleRequirement {
  return {
    id: requirementId,
    principal: 'controlPlane', // given to the identity of the application, which is no principal of the cluster
    role,
    scope,
    why: ['demoRole of the request'],
    leastPrivilege: ['Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read'],
  };
}
