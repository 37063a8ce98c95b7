import { canonicalArmId } from '../ids';
import type { RemovedAssignment } from '../plan/steps';
import { rolePolicy } from '../policy';
import type { Policy } from '../policy';
import { isOwnAssignment } from '../roles/assignment-name';
import { roles } from '../roles/built-in-roles';
import { needsOf } from '../roles/excess';
import { requiredRoles } from '../roles/matrix';
import { principalsOf } from '../roles/principals';
import type { RoleRequirement } from '../roles/requirement';
import { isExact, isToBeMade, statedRequirements } from '../roles/requirement-states';
import type { ClusterSnapshot, ClusterView, RoleAssignment } from '../snapshot';
import { isAhead } from './acceptance';
import { toEntry } from './profile';
import type { WireProfile } from './profile';

const operator = 'Managed Identity Operator';
const requirementId = 'RR-PODID-MIO';

/** The cluster as it is once its profile is another one. */
export function becoming(snapshot: ClusterSnapshot, profile: WireProfile): ClusterSnapshot {
  const entries = profile.userAssignedIdentities.map(toEntry);
  return { ...snapshot, podIdentity: { enabled: profile.enabled, entries } };
}

/** Whoever asks for pod identities wants the rights that they need. */
export function keepingAlive(policy: Policy): Policy {
  return { ...policy, podIdentity: { ...policy.podIdentity, keepAlive: true } };
}

/** The policy for a cluster whose add-on somebody accepts: it is kept alive until that day is over. */
export function honouring(
  policy: Policy,
  accepted: ClusterView['podIdentityAccepted'],
  asOf: string,
): Policy {
  return accepted && isAhead(accepted.until, asOf) ? keepingAlive(policy) : policy;
}

/**
 * The role that the control plane lacks on identities, without which Azure refuses their entries: not where it has
 * one at the identity or above it.
 *
 * @param later the cluster with the entries.
 * @param read assignments at the identities, wherever they are.
 */
export function missingOperators(
  later: ClusterSnapshot,
  policy: Policy,
  {
    identities,
    read,
  }: { readonly identities: readonly string[]; readonly read: readonly RoleAssignment[] },
): readonly RoleRequirement[] {
  const wanted = identities.map(canonicalArmId);
  const needed = requiredRoles(later, rolePolicy(keepingAlive(policy))).filter(
    ({ principal, role, scope }) =>
      principal === 'controlPlane' && role === operator && wanted.includes(canonicalArmId(scope)),
  );
  const assignments = [...later.assignments, ...read];
  return statedRequirements(needed, { ...later, assignments, principals: principalsOf(later) })
    .filter(isToBeMade)
    .map(({ id, principal, role, scope, why, leastPrivilege }) => ({
      ...{ id, principal, role, scope, why, leastPrivilege },
    }));
}

/**
 * Assignments that Steward made for pod identities which are gone, and that neither this cluster nor another one with the
 * same principal needs.
 *
 * @param later the cluster without the entries.
 */
export function superfluousOperators(
  later: ClusterSnapshot,
  policy: Policy,
): readonly RemovedAssignment[] {
  const principalId = (principalsOf(later).controlPlane ?? '').toLowerCase();
  const needs = needsOf(later, principalId, rolePolicy(policy));
  return later.assignments
    .filter(
      (one) =>
        one.principalId.toLowerCase() === principalId &&
        isForPodIdentity(one) &&
        !needs.some((need) => isExact(one, need, one.principalId)),
    )
    .map((one) => removal(one, 'of a pod identity that is gone'))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether Steward made an assignment for pod identities. */
export function isForPodIdentity(assignment: RoleAssignment): boolean {
  return (
    assignment.role === roles[operator] &&
    isOwnAssignment(assignment) &&
    assignment.description?.endsWith(` ${requirementId}`) === true
  );
}

export function removal(
  { id, principalId, role, scope }: RoleAssignment,
  why: string,
): RemovedAssignment {
  return { id, principalId, role, scope, why, former: false };
}
