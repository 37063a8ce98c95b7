import { podIdentityRoles } from '../migration/rules/role-clean-up';
import { roles } from './built-in-roles';
import type { Role } from './built-in-roles';
import { addOnRows } from './matrix-add-ons';
import { controlPlaneRows } from './matrix-control-plane';
import { kubeletRows, repositoryReader } from './matrix-kubelet';

/**
 * Roles that some cluster may need and that Steward may not assign unless its operator widens the condition: whoever holds
 * one may take over machines or vaults. A person assigns these.
 */
const handedOff: readonly Role[] = [
  'Contributor',
  'Key Vault Contributor',
  'Virtual Machine Contributor',
];

const rows = [...controlPlaneRows, ...kubeletRows, ...addOnRows];
const needed = rows.filter(({ managedBy }) => managedBy === undefined).map(({ role }) => role);

/** Roles that Steward's repairs may assign: what clusters need, without what is handed off. */
export const assignableRoles: readonly Role[] = distinct([...needed, repositoryReader]).filter(
  (role) => !handedOff.includes(role),
);

/** Roles that it may take away: also what clusters are given too much of, and what they had before. */
export const removableRoles: readonly Role[] = distinct([
  ...assignableRoles,
  ...handedOff,
  'Monitoring Metrics Publisher',
]);

/** What a role lets Steward assign and remove, if it lets it do so at all. */
export interface Delegation {
  readonly write?: readonly Role[];
  readonly delete?: readonly Role[];
}

/** What onboarding does, and the two halves of what a migration takes away and gives back. */
export const delegations = {
  roles: { write: assignableRoles, delete: removableRoles },
  workloadIdentity: { write: podIdentityRoles },
  podIdentityRemoval: { delete: podIdentityRoles },
} as const satisfies Readonly<Record<string, Delegation>>;

/**
 * The condition on an assignment of such a role to Steward, version 2.0: these roles, and only to service principals. What
 * is assigned is an attribute of the request, what is removed one of the resource.
 */
export function delegationCondition({ write, delete: removed }: Delegation): string {
  return [
    ...(write ? [half({ verb: 'write', source: '@Request', allowed: write })] : []),
    ...(removed ? [half({ verb: 'delete', source: '@Resource', allowed: removed })] : []),
  ].join(' AND ');
}

function half({
  verb,
  source,
  allowed,
}: {
  readonly verb: 'write' | 'delete';
  readonly source: '@Request' | '@Resource';
  readonly allowed: readonly Role[];
}): string {
  const type = 'Microsoft.Authorization/roleAssignments';
  const guids = allowed.map((role) => roles[role]).join(', ');
  const isRole = `${source}[${type}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${guids}}`;
  const isService = `${source}[${type}:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}`;
  return `((!(ActionMatches{'${type}/${verb}'})) OR (${isRole} AND ${isService}))`;
}

function distinct(list: readonly Role[]): readonly Role[] {
  return [...new Set(list)].sort();
}
