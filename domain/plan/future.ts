import type { ClusterFacts, DesiredIdentity, KubeletIdentity } from '../cluster';
import { inNodeResourceGroup } from '../cluster';
import { desiredIdentity, targetKubeletId } from '../identities/target-identity';
import { sameArmId } from '../ids';
import type { Policy } from '../policy';
import { rolePolicy } from '../policy';
import { distinct, inheritance, promised } from '../roles/inheritance';
import type { Heir } from '../roles/inheritance';
import { requiredRoles } from '../roles/matrix';
import { principalsOf } from '../roles/principals';
import type { PrincipalKey, RoleRequirement } from '../roles/requirement';
import { isToBeMade, statedRequirements } from '../roles/requirement-states';
import type { ClusterSnapshot, RoleAssignment } from '../snapshot';

/** A cluster as it is to be: its identities, and which roles these lack. */
export interface Future {
  readonly identity: DesiredIdentity;
  /** The control plane changes who it is. */
  readonly switching: boolean;
  /** The identity of yours that the nodes are to get, if it is not theirs yet. */
  readonly newKubelet?: string;
  /** Requirements without an assignment, by principal. */
  readonly missing: ReadonlyMap<PrincipalKey, readonly RoleRequirement[]>;
  /** What the principals that are replaced hold beyond that, and their successors get as well. */
  readonly passedOn: readonly RoleRequirement[];
  /** What they hold, and their successors do not get. */
  readonly left: readonly RoleAssignment[];
}

interface FutureOptions {
  /** Time of the plan; ISO 8601. Absent for a cluster without a past. */
  readonly asOf?: string;
  /** Assignments that are about to be taken away: they do not count. */
  readonly going?: readonly RoleAssignment[];
}

/** What a cluster will need. An identity that does not exist yet lacks everything. */
export function futureOf(
  snapshot: ClusterSnapshot,
  policy: Policy,
  { asOf, going = [] }: FutureOptions = {},
): Future {
  const identity = desiredIdentity(snapshot, policy);
  const switching = !isPresent(snapshot.controlPlane, identity);
  const newKubelet = wantedKubelet(snapshot, policy);
  const later = becoming(snapshot, { identity, switching, newKubelet });
  const goingIds = going.map(({ id }) => id);
  const replaced: readonly Heir[] = [
    ...(switching ? (['controlPlane'] as const) : []),
    ...(newKubelet === undefined ? [] : (['kubelet'] as const)),
  ];
  const { passedOn, left } = inheritance(snapshot, policy, replaced);
  const earlier = asOf === undefined ? [] : promised(snapshot, policy, asOf);
  const needed = requiredRoles(later, rolePolicy(policy));
  const more = distinct([...passedOn, ...earlier]).filter(
    (one) => !needed.some((need) => isSameGrant(need, one)),
  );
  const stated = statedRequirements([...needed, ...more], {
    ...later,
    assignments: snapshot.assignments.filter(({ id }) => !goingIds.includes(id)),
    principals: withPlaceholders(later),
  });
  const missing = new Map<PrincipalKey, RoleRequirement[]>();
  for (const requirement of stated.filter(isToBeMade)) {
    const { principal } = requirement;
    missing.set(principal, [...(missing.get(principal) ?? []), plain(requirement)]);
  }
  return {
    identity,
    switching,
    missing,
    passedOn,
    left,
    ...(newKubelet !== undefined && { newKubelet }),
  };
}

function isSameGrant(a: RoleRequirement, b: RoleRequirement): boolean {
  return a.principal === b.principal && a.role === b.role && sameArmId(a.scope, b.scope);
}

function isPresent(present: ClusterFacts['controlPlane'], wanted: DesiredIdentity): boolean {
  if (present.kind !== wanted.kind) return false;
  if (present.kind !== 'userAssigned' || wanted.kind !== 'userAssigned') return true;
  return sameArmId(present.resourceId, wanted.resourceId);
}

/** Nodes that act as the control plane get an identity of their own, whatever the policy says. */
function wantedKubelet(snapshot: ClusterSnapshot, policy: Policy): string | undefined {
  const { kubelet, controlPlane } = snapshot;
  const target = targetKubeletId(snapshot, policy);
  const shared =
    kubelet !== undefined &&
    controlPlane.kind === 'userAssigned' &&
    sameArmId(kubelet.resourceId, controlPlane.resourceId);
  if (shared) return target;
  if (policy.identity.kubelet === 'managed') return undefined;
  if (!kubelet || inNodeResourceGroup(snapshot, kubelet.resourceId)) return target;
  const isOther = !sameArmId(kubelet.resourceId, target);
  return isOther && policy.identity.replaceExisting ? target : undefined;
}

/** The cluster after the change; a principal that is not known yet has no object id. */
function becoming(
  snapshot: ClusterSnapshot,
  {
    identity,
    switching,
    newKubelet,
  }: Pick<Future, 'identity' | 'switching'> & { readonly newKubelet: string | undefined },
): ClusterSnapshot {
  const { targetIdentity, targetKubelet, ...rest } = snapshot;
  const kubelet: KubeletIdentity | undefined =
    newKubelet === undefined
      ? snapshot.kubelet
      : { resourceId: newKubelet, objectId: targetKubelet?.principalId ?? '' };
  return {
    ...rest,
    ...(switching && {
      controlPlane:
        identity.kind === 'systemAssigned'
          ? { kind: 'systemAssigned', principalId: '' }
          : { ...identity, principalId: targetIdentity?.principalId ?? '' },
    }),
    ...(kubelet && { kubelet }),
  };
}

/** Stand-ins for principals that come into being on the way, so that what they need counts as missing. */
function withPlaceholders(later: ClusterSnapshot) {
  return Object.fromEntries(
    Object.entries(principalsOf(later)).map(([key, id]) => [key, id === '' ? `(new) ${key}` : id]),
  );
}

function plain(requirement: RoleRequirement): RoleRequirement {
  const { id, principal, role, scope, why, leastPrivilege, orAt } = requirement;
  const base = { id, principal, role, scope, why, leastPrivilege };
  return { ...base, ...(orAt !== undefined && { orAt }) };
}
