import { canonicalArmId, sameArmId } from '../ids';
import type { ClusterView, DenyAssignment, Permission, RoleAssignment } from '../snapshot';
import { includesRole } from './built-in-roles';
import type { RoleRequirement } from './requirement';

type Wanted = Pick<RoleRequirement, 'role' | 'scope' | 'leastPrivilege' | 'orAt'>;
/** What has to be known to compare scopes and roles. */
export type Hierarchy = Pick<ClusterView, 'customRoles' | 'managementGroups'>;

/**
 * Whether a scope is another one, or above it. Where the management groups of a subscription are not known,
 * any is taken to be above it: Azure lists the assignments of those only.
 */
export function isAtOrAbove(
  granted: string,
  wanted: string,
  { managementGroups }: Pick<Hierarchy, 'managementGroups'> = {},
): boolean {
  const above = canonicalArmId(granted);
  const below = canonicalArmId(wanted);
  if (below === above || above === '') return true;
  if (!isManagementGroup(above)) return below.startsWith(`${above}/`);
  const [, kind, subscription = ''] = below.split('/');
  if (kind !== 'subscriptions') return false;
  const known = managementGroups?.[subscription];
  return known === undefined || known.some((name) => above.endsWith(`/${name.toLowerCase()}`));
}

/** Whether a scope is a subscription or something above one. */
export function isWide(scope: string): boolean {
  const id = canonicalArmId(scope);
  return id === '' || isManagementGroup(id) || /^\/subscriptions\/[^/]+$/.test(id);
}

function isManagementGroup(id: string): boolean {
  return id.startsWith('/providers/microsoft.management/managementgroups/');
}

/** Whether what an assignment permits is enough for a requirement, whoever holds it and on what condition. */
export function suffices(
  { role, scope }: Pick<RoleAssignment, 'role' | 'scope'>,
  wanted: Wanted,
  hierarchy: Hierarchy = {},
): boolean {
  const scopes = [wanted.scope, wanted.orAt ?? wanted.scope];
  if (!scopes.some((one) => isAtOrAbove(scope, one, hierarchy))) return false;
  if (includesRole(role, wanted.role)) return true;
  const permissions = hierarchy.customRoles?.[role.toLowerCase()];
  return permissions !== undefined && permitsAll(permissions, wanted.leastPrivilege);
}

function permitsAll(permissions: readonly Permission[], actions: readonly string[]): boolean {
  return (
    actions.length > 0 && actions.every((action) => permissions.some((one) => permits(one, action)))
  );
}

/** Whether one set of permissions allows an action, or a data action, whichever it names. */
export function permits(permission: Permission, action: string): boolean {
  const { actions, notActions, dataActions, notDataActions } = permission;
  return (
    (matches(actions, action) && !matches(notActions, action)) ||
    (matches(dataActions, action) && !matches(notDataActions, action))
  );
}

/** Names may end in or hold `*`, which stands for anything, and count without regard to case. */
function matches(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const text = pattern
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    return new RegExp(`^${text}$`, 'i').test(action);
  });
}

/** Whether Azure denies a principal what it needs, whatever roles it holds. */
export function isDenied(
  { scope, leastPrivilege }: Wanted,
  principals: readonly string[],
  denials: readonly DenyAssignment[],
): boolean {
  const ids = principals.map((id) => id.toLowerCase());
  const among = (list: readonly string[]) => list.some((id) => ids.includes(id.toLowerCase()));
  return denials.some(
    (denial) =>
      (denial.notBelow ? sameArmId(denial.scope, scope) : isAtOrAbove(denial.scope, scope)) &&
      (denial.principals.length === 0 || among(denial.principals)) &&
      !among(denial.excluded) &&
      leastPrivilege.some((action) => denial.permissions.some((one) => permits(one, action))),
  );
}
