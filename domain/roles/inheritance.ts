import { inNodeResourceGroup } from '../cluster';
import { canonicalArmId } from '../ids';
import type { Policy } from '../policy';
import { rolePolicy } from '../policy';
import type { ClusterSnapshot, RoleAssignment } from '../snapshot';
import { canGrantAccess, includesRole, isPullRole, roleName } from './built-in-roles';
import type { Role } from './built-in-roles';
import { suffices } from './coverage';
import { needsOf } from './excess';
import { principalsOf } from './principals';
import type { RoleRequirement } from './requirement';

export type Heir = 'controlPlane' | 'kubelet';

/** What becomes of the rights that a principal of the cluster has beyond what the cluster shows that it needs. */
export interface Inheritance {
  /** What its successor gets as well. */
  readonly passedOn: readonly RoleRequirement[];
  /** What nobody gets: a person has to decide. */
  readonly left: readonly RoleAssignment[];
}

const ofTheControlPlane: readonly Role[] = [
  'Network Contributor',
  'Private DNS Zone Contributor',
  'DNS Zone Contributor',
  'Managed Identity Operator',
  'Key Vault Crypto User',
  'Key Vault Crypto Officer',
];

const hour = 3_600_000;

/**
 * What becomes of the rights of principals that are replaced. Images of a registry that no policy names, or a public
 * address in another group are nothing that a cluster shows; without these rights nodes or load balancers
 * would fail later.
 *
 * @param replaced which principals change who they are.
 */
export function inheritance(
  snapshot: ClusterSnapshot,
  policy: Policy,
  replaced: readonly Heir[],
): Inheritance {
  const replacing = ancestors(snapshot, replaced);
  const passedOn = replacing.flatMap((one) => passed(one, snapshot, policy));
  const kept = (assignment: RoleAssignment) =>
    passedOn.some((one) => suffices(assignment, one)) ||
    isAccountedFor(assignment, snapshot, policy);
  const left = replacing
    .flatMap(({ objectId }) => heldBy(snapshot, objectId))
    .filter((one) => !kept(one));
  return { passedOn: distinct(passedOn), left };
}

/**
 * What principals passed on that were replaced a short while ago: a run that broke down may not have given all of it to
 * their successors. When grace is over it is theirs, or nobody needed it.
 */
export function promised(
  { formerPrincipals = [] }: ClusterSnapshot,
  policy: Policy,
  asOf: string,
): readonly RoleRequirement[] {
  const graceBegan = Date.parse(asOf) - policy.roles.graceHours * hour;
  return distinct(
    formerPrincipals
      .filter(({ until }) => Date.parse(until) > graceBegan)
      .flatMap(({ passesOn = [] }) => passesOn),
  );
}

interface Ancestor {
  readonly objectId: string;
  readonly heirs: readonly Heir[];
}

function ancestors(snapshot: ClusterSnapshot, replaced: readonly Heir[]): readonly Ancestor[] {
  const { controlPlane = '', kubelet = '' } = principalsOf(snapshot);
  if (snapshot.controlPlane.kind === 'servicePrincipal') {
    return replaced.includes('controlPlane') && controlPlane !== ''
      ? [{ objectId: controlPlane, heirs: ['controlPlane', 'kubelet'] }]
      : [];
  }
  return [
    { objectId: controlPlane, heirs: ['controlPlane'] as const },
    { objectId: kubelet, heirs: ['kubelet'] as const },
  ].filter(({ objectId, heirs: [heir] }) => objectId !== '' && replaced.includes(heir));
}

function heldBy({ assignments }: ClusterSnapshot, objectId: string): readonly RoleAssignment[] {
  return assignments.filter((one) => one.principalId.toLowerCase() === objectId.toLowerCase());
}

function passed(
  { objectId, heirs }: Ancestor,
  snapshot: ClusterSnapshot,
  policy: Policy,
): readonly RoleRequirement[] {
  const { copyUnknown } = policy.roles;
  return heldBy(snapshot, objectId)
    .filter(({ conditional, scope }) => !conditional && !inNodeResourceGroup(snapshot, scope))
    .flatMap((assignment) => {
      const pull = heirs.includes('kubelet') ? pullRoleOf(assignment) : undefined;
      if (pull) return [requirement(assignment, pull, 'kubelet')];
      if (isAccountedFor(assignment, snapshot, policy)) return [];
      const [heir = 'controlPlane'] = heirs;
      const role = otherRoleOf(assignment, heir, copyUnknown);
      return role === undefined ? [] : [requirement(assignment, role, heir)];
    });
}

/** A role other than those for pulling that the heir gets. */
function otherRoleOf({ role }: RoleAssignment, heir: Heir, copyUnknown: boolean): Role | undefined {
  const name = roleName(role);
  if (name === undefined || canGrantAccess(role)) return undefined;
  const known = heir === 'controlPlane' && ofTheControlPlane.includes(name);
  return known || copyUnknown ? name : undefined;
}

/** The least role with which nodes can go on to pull what this assignment lets them pull. */
function pullRoleOf({ role, scope }: RoleAssignment): Role | undefined {
  if (isPullRole(role)) return roleName(role);
  const ofRegistry = canonicalArmId(scope).includes('/microsoft.containerregistry/registries/');
  return ofRegistry && includesRole(role, 'AcrPull') ? 'AcrPull' : undefined;
}

/** Whether it is there for something that a cluster shows, or AKS makes it anew. */
function isAccountedFor(
  assignment: RoleAssignment,
  snapshot: ClusterSnapshot,
  policy: Policy,
): boolean {
  const needs = needsOf(snapshot, assignment.principalId.toLowerCase(), rolePolicy(policy));
  return (
    inNodeResourceGroup(snapshot, assignment.scope) ||
    needs.some((need) => suffices(assignment, need, snapshot))
  );
}

function requirement({ scope }: RoleAssignment, role: Role, principal: Heir): RoleRequirement {
  const why = ['the principal that it replaces has it'];
  return { id: 'inherited', principal, role, scope, why, leastPrivilege: [] };
}

/** Each grant once. */
export function distinct(requirements: readonly RoleRequirement[]): readonly RoleRequirement[] {
  const byGrant = requirements.map((one): [string, RoleRequirement] => [
    `${one.principal} ${one.role} ${canonicalArmId(one.scope)}`,
    one,
  ]);
  return [...new Map(byGrant).values()];
}
