import type { Policy } from '../policy';
import { rolePolicy } from '../policy';
import type { Excess } from '../roles/excess';
import { excessOf } from '../roles/excess';
import { formerAssignments } from '../roles/former-assignments';
import type { ClusterSnapshot, RoleAssignment } from '../snapshot';

export interface Removal {
  readonly assignment: RoleAssignment;
  readonly why: string;
  /** The cluster does not act as the principal any more. */
  readonly former: boolean;
}

type Removable = keyof Policy['roles']['remove'];

const settings: Partial<
  Record<Excess['kind'], { readonly setting: Removable; readonly why: string }>
> = {
  obsolete: { setting: 'obsolete', why: 'of a use that is gone' },
  tooBroad: { setting: 'tooBroad', why: 'broader than needed' },
  kubeletExcess: { setting: 'kubeletExcess', why: 'every pod on the nodes has it' },
  privileged: { setting: 'privileged', why: 'its holder can grant itself any right' },
};

/**
 * Assignments that a run may take away, in a stable order: leftovers of principals that the cluster had
 * before, and what goes beyond its needs, as far as the policy lets it.
 */
export function roleRemovals(
  snapshot: ClusterSnapshot,
  policy: Policy,
  asOf: string,
): readonly Removal[] {
  const { remove } = policy.roles;
  const former = formerAssignments(snapshot, policy, asOf)
    .filter(({ removable }) => removable)
    .map(({ assignment, principal }) => ({
      assignment,
      why: `the cluster has not used this principal since ${principal.until}`,
      former: true,
    }));
  const excess = excessOf(snapshot, rolePolicy(policy)).found.flatMap(({ kind, assignment }) => {
    const found = settings[kind];
    return found && remove[found.setting] ? [{ assignment, why: found.why, former: false }] : [];
  });
  const byId = new Map([...former, ...excess].map((one) => [one.assignment.id, one]));
  return [...byId.values()].sort((a, b) => (a.assignment.id < b.assignment.id ? -1 : 1));
}
