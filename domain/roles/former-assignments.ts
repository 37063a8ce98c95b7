import { inNodeResourceGroup } from '../cluster';
import { canonicalArmId } from '../ids';
import type { Policy } from '../policy';
import { rolePolicy } from '../policy';
import type { ClusterView, FormerPrincipal, RoleAssignment } from '../snapshot';
import { isOwnAssignment } from './assignment-name';
import { requiredRoles } from './matrix';
import { keysByPrincipal, principalsOf } from './principals';

export interface FormerAssignment {
  readonly assignment: RoleAssignment;
  readonly principal: FormerPrincipal;
  /** A run may take it away: the cluster needed it, or Steward made it, and nobody else is known to need it. */
  readonly removable: boolean;
}

const hour = 3_600_000;

/**
 * What principals that the cluster had before still hold, once their grace is over. A principal that a
 * cluster of the fleet still acts as is left alone.
 */
export function formerAssignments(
  view: ClusterView,
  policy: Policy,
  asOf: string,
): readonly FormerAssignment[] {
  const needed = requiredRoles(view, rolePolicy(policy)).map(({ scope }) => canonicalArmId(scope));
  return retired(view, policy, asOf).flatMap((principal) =>
    (view.assignments ?? [])
      .filter((one) => one.principalId.toLowerCase() === principal.objectId.toLowerCase())
      .map((assignment) => ({
        assignment,
        principal,
        removable:
          policy.roles.remove.former &&
          !isLocked(view, assignment.scope) &&
          (needed.includes(canonicalArmId(assignment.scope)) ||
            isOwnAssignment(assignment) ||
            hasHeir(assignment, view)),
      })),
  );
}

/** Whether Steward passed the same right on to a principal of the cluster. */
function hasHeir({ role, scope }: RoleAssignment, view: ClusterView): boolean {
  const present = keysByPrincipal(principalsOf(view));
  return (view.assignments ?? []).some(
    (one) =>
      present.has(one.principalId.toLowerCase()) &&
      one.role.toLowerCase() === role.toLowerCase() &&
      canonicalArmId(one.scope) === canonicalArmId(scope) &&
      isOwnAssignment(one),
  );
}

/** Nobody can take anything away where Azure denies every write. */
function isLocked(view: ClusterView, scope: string): boolean {
  return view.nodeResourceGroupLocked && inNodeResourceGroup(view, scope);
}

function retired(view: ClusterView, policy: Policy, asOf: string): readonly FormerPrincipal[] {
  const graceEnds = Date.parse(asOf) - policy.roles.graceHours * hour;
  return (view.formerPrincipals ?? [])
    .filter(({ until }) => Date.parse(until) <= graceEnds)
    .filter((principal) => !isInUse(principal, view));
}

function isInUse({ objectId, appId }: FormerPrincipal, view: ClusterView): boolean {
  const others = view.otherClusters ?? [];
  const holders = [view, ...others].flatMap((cluster) => [
    ...keysByPrincipal(principalsOf(cluster)).keys(),
  ]);
  return (
    holders.includes(objectId.toLowerCase()) ||
    (appId !== undefined &&
      others.some(({ shown }) => shown.clientId.toLowerCase() === appId.toLowerCase()))
  );
}
