import { inNodeResourceGroup } from '../cluster';
import type { ClusterFacts } from '../cluster';
import type { ClusterView, RoleAssignment } from '../snapshot';
import { canGrantAccess, isPullRole, roles } from './built-in-roles';
import type { Role } from './built-in-roles';
import { isWide, suffices } from './coverage';
import { requiredRoles } from './matrix';
import type { RolePolicy } from './matrix-row';
import { keysByPrincipal, principalsOf } from './principals';
import type { PrincipalKey, RoleRequirement } from './requirement';
import { isExact } from './requirement-states';

/** Why an assignment of a cluster's own principal is more than the cluster needs. */
export type ExcessKind =
  | 'privileged' // its holder can give itself any right
  | 'tooBroad' // a narrower one would do
  | 'kubeletExcess' // every pod on the nodes may have this right
  | 'obsolete' // of a use that is gone
  | 'unexplained'; // follows from nothing that the cluster shows

export interface Excess {
  readonly kind: ExcessKind;
  readonly assignment: RoleAssignment;
  readonly principal: PrincipalKey;
}

export interface ExcessReading {
  readonly found: readonly Excess[];
  /** Assignments of the kubelet identity that are right where open-source pod identity runs, else excess. */
  readonly undecided: readonly RoleAssignment[];
}

interface Holder {
  readonly view: ClusterView;
  readonly keys: readonly PrincipalKey[];
  /** Of all clusters that the principal belongs to. */
  readonly needs: readonly RoleRequirement[];
}

/**
 * Every assignment of the cluster's own principals that goes beyond what they need, each judged once, the
 * worst first. What other clusters need of a shared principal counts as needed. Rights through groups
 * belong to the group and are not judged.
 */
export function excessOf(view: ClusterView, policy: RolePolicy): ExcessReading {
  const found: Excess[] = [];
  const undecided: RoleAssignment[] = [];
  for (const [principalId, keys] of keysByPrincipal(principalsOf(view))) {
    const holder = { view, keys, needs: needsOf(view, principalId, policy) };
    const own = (view.assignments ?? []).filter(
      (one) => one.principalId.toLowerCase() === principalId,
    );
    for (const assignment of own) {
      const kind = excessKind(assignment, holder);
      if (kind === 'undecided') undecided.push(assignment);
      else if (kind) found.push({ kind, assignment, principal: keys[0] ?? 'controlPlane' });
    }
  }
  return { found, undecided };
}

/**
 * What every cluster needs that has this principal.
 *
 * @param principalId lower-cased.
 */
export function needsOf(
  view: ClusterView,
  principalId: string,
  policy: RolePolicy,
): RoleRequirement[] {
  return [view, ...(view.otherClusters ?? []).map((other) => seenAs(other, view))].flatMap(
    (cluster) => {
      const keys = keysByPrincipal(principalsOf(cluster)).get(principalId) ?? [];
      return requiredRoles(cluster, policy).filter(({ principal }) => keys.includes(principal));
    },
  );
}

/** Another cluster, with what was read around this one as far as it may concern both. */
function seenAs(other: ClusterFacts, view: ClusterView): ClusterView {
  const { registries, vaults, routeTables, networksWithOwnDns, servicePrincipal } = view;
  const sameApplication = other.shown.clientId === view.shown.clientId;
  return {
    ...other,
    ...(registries && { registries }),
    ...(vaults && { vaults }),
    ...(routeTables && { routeTables }),
    ...(networksWithOwnDns && { networksWithOwnDns }),
    ...(servicePrincipal && sameApplication && { servicePrincipal }),
  };
}

function excessKind(
  assignment: RoleAssignment,
  holder: Holder,
): ExcessKind | 'undecided' | undefined {
  if (canGrantAccess(assignment.role)) return 'privileged';
  const exact = holder.needs.some((need) => isExact(assignment, need, assignment.principalId));
  if (exact) return undefined;
  if (holder.needs.some((need) => suffices(assignment, need, holder.view))) {
    const broad = isWide(assignment.scope) || assignment.role.toLowerCase() === roles.Contributor;
    return broad && !assignment.conditional ? 'tooBroad' : undefined;
  }
  return withoutUse(assignment, holder);
}

function withoutUse(
  assignment: RoleAssignment,
  { view, keys }: Holder,
): ExcessKind | 'undecided' | undefined {
  const { role, scope } = assignment;
  const isAddOn = !keys.includes('controlPlane') && !keys.includes('kubelet');
  if (isAddOn && inNodeResourceGroup(view, scope)) return undefined; // AKS made it
  if (keys.includes('addon:omsagent') && is(role, 'Monitoring Metrics Publisher'))
    return 'obsolete';
  // A service principal is nodes and control plane in one.
  const ofNodes = keys.includes('kubelet') && view.controlPlane.kind !== 'servicePrincipal';
  return ofNodes ? beyondPulling(role, view) : 'unexplained';
}

function beyondPulling(role: string, view: ClusterView): ExcessKind | 'undecided' | undefined {
  if (isPullRole(role)) return undefined;
  const forPodIdentity =
    is(role, 'Managed Identity Operator') || is(role, 'Virtual Machine Contributor');
  if (!forPodIdentity) return 'kubeletExcess';
  if (!view.kubernetes) return 'undecided';
  return view.kubernetes.standardPodIdentity ? undefined : 'kubeletExcess';
}

function is(role: string, name: Role): boolean {
  return role.toLowerCase() === roles[name];
}
