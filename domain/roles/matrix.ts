import { inNodeResourceGroup } from '../cluster';
import { canonicalArmId } from '../ids';
import type { ClusterView } from '../snapshot';
import { addOnRows } from './matrix-add-ons';
import { controlPlaneRows } from './matrix-control-plane';
import { kubeletRows } from './matrix-kubelet';
import type { Link, MatrixRow, RolePolicy } from './matrix-row';
import type { RoleRequirement } from './requirement';

const rows: readonly MatrixRow[] = [...controlPlaneRows, ...kubeletRows, ...addOnRows];

/**
 * The role assignments that the identities of a cluster need, by the resources it is linked to. Pure; the
 * same for whoever the identities are. Sorted by principal, scope and role; what several links ask for is
 * there once, with all its reasons.
 *
 * Links into the node resource group ask for nothing, since AKS grants there by itself; but where Azure
 * denies every write in that group, an add-on's link into it is kept: nobody can grant it.
 */
export function requiredRoles(view: ClusterView, policy: RolePolicy): readonly RoleRequirement[] {
  const merged = new Map<string, RoleRequirement>();
  for (const row of rows) {
    for (const link of row.links(view, policy)) {
      const requirement = toRequirement(withPolicy(row, policy), link);
      if (isGrantedByAks(view, requirement)) continue;
      const { principal, role, scope } = requirement;
      const key = [principal, canonicalArmId(scope), role].join(' ');
      const known = joined(merged.get(key), requirement);
      merged.set(key, isOutOfReach(view, known) ? { ...known, locked: true } : known);
    }
  }
  return [...merged.values()].sort(byPrincipalScopeRole);
}

/** What the policy keeps alive is no longer on its way out. */
function withPolicy(row: MatrixRow, { keepPodIdentity = false }: RolePolicy): MatrixRow {
  const { deprecated, ...kept } = row;
  return deprecated && !keepPodIdentity ? row : kept;
}

function toRequirement(row: MatrixRow, link: Link): RoleRequirement {
  const { id, deprecated, managedBy } = row;
  return {
    id: link.id ?? id,
    principal: row.principal,
    role: link.role ?? row.role,
    scope: link.scope.replace(/\/+$/, ''),
    why: link.why,
    leastPrivilege: link.leastPrivilege ?? row.leastPrivilege,
    ...(managedBy && { managedBy }),
    ...(deprecated && { deprecated }),
    ...(link.orAt !== undefined && { orAt: link.orAt }),
    ...(link.uncertain !== undefined && { uncertain: link.uncertain }),
  };
}

function isGrantedByAks(
  view: ClusterView,
  { principal, scope, managedBy }: RoleRequirement,
): boolean {
  if (managedBy === 'aks' || !inNodeResourceGroup(view, scope)) return false;
  return principal === 'controlPlane' || !view.nodeResourceGroupLocked;
}

/** What is left in the node resource group of an add-on's needs is where nobody can grant anything. */
function isOutOfReach(view: ClusterView, { scope, managedBy }: RoleRequirement): boolean {
  return managedBy !== 'aks' && inNodeResourceGroup(view, scope);
}

function joined(known: RoleRequirement | undefined, next: RoleRequirement): RoleRequirement {
  return known ? { ...known, why: [...new Set([...known.why, ...next.why])] } : next;
}

function byPrincipalScopeRole(a: RoleRequirement, b: RoleRequirement): number {
  const key = ({ principal, scope, role }: RoleRequirement) =>
    [principal.toLowerCase(), canonicalArmId(scope), role].join('\n');
  return key(a) < key(b) ? -1 : 1;
}
