import { armName, canonicalArmId } from '../ids';
import type { ClusterView, RoleAssignment } from '../snapshot';
import { assignmentName } from './assignment-name';
import { roles } from './built-in-roles';
import { isAtOrAbove, isDenied, suffices } from './coverage';
import type { Hierarchy } from './coverage';
import type { Principals } from './principals';
import type { RequirementState, RoleRequirement, StatedRequirement } from './requirement';

type Grants = Pick<ClusterView, 'assignments' | 'groups' | 'denials'> & Hierarchy;

interface Judged {
  readonly state: RequirementState;
  readonly coveredBy?: string;
}

/**
 * Holds requirements against what is assigned. A right through a group counts like an own one; a right
 * with a condition does not, since nobody but Azure can evaluate it.
 */
export function statedRequirements(
  requirements: readonly RoleRequirement[],
  { principals, ...grants }: Grants & { readonly principals: Principals },
): readonly StatedRequirement[] {
  const stated = requirements.map((requirement): StatedRequirement => {
    const principalId = principals[requirement.principal] ?? '';
    const { scope, role } = requirement;
    return {
      ...requirement,
      principalId,
      assignmentName: principalId === '' ? '' : assignmentName(scope, principalId, role),
      ...judged(requirement, principalId, grants),
    };
  });
  return stated.map((requirement) => subsumed(requirement, stated));
}

function judged(requirement: RoleRequirement, principalId: string, grants: Grants): Judged {
  const { assignments } = grants;
  if (principalId === '' || !assignments) return { state: 'unknown' };
  const holders = holdersOf(principalId, grants);
  const { locked, managedBy, uncertain } = requirement;
  if (isDenied(requirement, holders, grants.denials ?? [])) {
    // In the node resource group it is Azure's own denial; elsewhere it only takes the effect of what is assigned.
    return { state: locked || managedBy === 'aks' ? 'blocked' : 'missing' };
  }
  if (uncertain !== undefined) return { state: 'unknown' };
  const enough = assignments.filter(
    (one) => holders.includes(one.principalId.toLowerCase()) && suffices(one, requirement, grants),
  );
  return best(enough, requirement, principalId) ?? { state: locked ? 'blocked' : 'missing' };
}

/** The state that the best of the assignments that are enough leads to; nothing when there is none. */
function best(
  enough: readonly RoleAssignment[],
  requirement: RoleRequirement,
  principalId: string,
): Judged | undefined {
  const free = enough.filter(({ conditional }) => !conditional);
  if (free.some((one) => isExact(one, requirement, principalId))) return { state: 'present' };
  const [nearest] = free.sort(byNarrowestScope);
  if (nearest) return { state: 'covered', coveredBy: armName(nearest.id) };
  return enough.length > 0 ? { state: 'conditional' } : undefined;
}

/** A principal and the groups whose rights it has. */
export function holdersOf(
  principalId: string,
  { groups = {} }: Pick<Grants, 'groups'>,
): readonly string[] {
  const own = principalId.toLowerCase();
  return [own, ...(groups[own] ?? []).map((group) => group.toLowerCase())];
}

/** Whether an assignment says what a requirement says, and no more. */
export function isExact(
  { role, scope, principalId }: RoleAssignment,
  wanted: Pick<RoleRequirement, 'role' | 'scope'>,
  holder: string,
): boolean {
  return (
    role.toLowerCase() === roles[wanted.role] &&
    canonicalArmId(scope) === canonicalArmId(wanted.scope) &&
    principalId.toLowerCase() === holder.toLowerCase()
  );
}

function byNarrowestScope(a: RoleAssignment, b: RoleAssignment): number {
  const difference = canonicalArmId(b.scope).length - canonicalArmId(a.scope).length;
  return difference === 0 ? (a.id < b.id ? -1 : 1) : difference;
}

/** A missing right that comes along with another one that is going to be assigned: the widest such. */
function subsumed(
  requirement: StatedRequirement,
  all: readonly StatedRequirement[],
): StatedRequirement {
  if (requirement.state !== 'missing') return requirement;
  const widerThan = (one: StatedRequirement) =>
    all.filter((other) => isToBeMade(other) && includes(other, one));
  const widest = widerThan(requirement).find((other) => widerThan(other).length === 0);
  return widest ? { ...requirement, state: 'subsumed', subsumedBy: widest.id } : requirement;
}

function includes(wide: StatedRequirement, narrow: StatedRequirement): boolean {
  if (wide === narrow || wide.principalId.toLowerCase() !== narrow.principalId.toLowerCase()) {
    return false;
  }
  const granted = { role: roles[wide.role], scope: wide.scope };
  if (!isAtOrAbove(wide.scope, narrow.scope) || !suffices(granted, narrow)) return false;
  // Of two that say the same for two keys of one principal, the first in order is made.
  return !(sameGrant(wide, narrow) && wide.principal > narrow.principal);
}

function sameGrant(a: RoleRequirement, b: RoleRequirement): boolean {
  return a.role === b.role && canonicalArmId(a.scope) === canonicalArmId(b.scope);
}

/** Whether an assignment has to be made for a requirement, and may be. */
export function isToBeMade({ state, managedBy, deprecated }: StatedRequirement): boolean {
  return state === 'missing' && managedBy === undefined && deprecated !== true;
}
