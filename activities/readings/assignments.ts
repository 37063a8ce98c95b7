import type { RoleAssignment as ArmRoleAssignment } from '@azure/arm-authorization';

import type { Clients } from '../../clients';
import { callArm, readArm } from '../../clients/arm-errors';
import { armName, clusterIdParts } from '../../domain/ids';
import type { Policy } from '../../domain/policy';
import { rolePolicy } from '../../domain/policy';
import { roleName } from '../../domain/roles/built-in-roles';
import { requiredRoles } from '../../domain/roles/matrix';
import { principalsOf } from '../../domain/roles/principals';
import type {
  ClusterSnapshot,
  Permission,
  RoleAssignment,
  Surroundings,
} from '../../domain/snapshot';

type Reading = Required<Pick<Surroundings, 'assignments' | 'groups' | 'customRoles'>>;

/**
 * Role assignments of the cluster's present, future and former principals, and of their groups, at, above
 * and below the subscriptions that hold what they need. One call for each principal and subscription.
 */
export async function readAssignments(
  clients: Clients,
  snapshot: ClusterSnapshot,
  policy: Policy,
): Promise<Reading> {
  const lists = principals(snapshot).flatMap((principalId) =>
    subscriptions(snapshot, policy).map(async (subscription) => ({
      principalId,
      found: await list(clients, subscription, principalId),
    })),
  );
  const answers = await Promise.all(lists);
  const all = new Map(answers.flatMap(({ found }) => found).map((one) => [one.id ?? '', one]));
  const assignments = [...all.values()].map(toRoleAssignment);
  return {
    assignments,
    groups: groupsOf(answers),
    customRoles: await customRoles(clients, snapshot, assignments),
  };
}

/** Subscriptions of everything that the cluster needs, whichever identity it has. */
function subscriptions(snapshot: ClusterSnapshot, policy: Policy): readonly string[] {
  const userAssigned = { kind: 'userAssigned', resourceId: '', principalId: '' } as const;
  const scopes = [snapshot, { ...snapshot, controlPlane: userAssigned }]
    .flatMap((view) => requiredRoles(view, rolePolicy(policy)))
    .map(({ scope }) => scope.split('/')[2] ?? '');
  const own = clusterIdParts(snapshot.id).subscriptionId;
  return [...new Set([own, ...scopes.map((id) => id.toLowerCase())])];
}

function principals(snapshot: ClusterSnapshot): readonly string[] {
  const { targetIdentity, targetKubelet, formerPrincipals = [] } = snapshot;
  const ids = [
    ...Object.values(principalsOf(snapshot)),
    targetIdentity?.principalId,
    targetKubelet?.principalId,
    ...formerPrincipals.map(({ objectId }) => objectId),
  ];
  const known = ids.flatMap((id) => (id === undefined || id === '' ? [] : [id.toLowerCase()]));
  return [...new Set(known)];
}

async function list(
  clients: Clients,
  subscriptionId: string,
  principalId: string,
): Promise<readonly ArmRoleAssignment[]> {
  const { roleAssignments } = await clients.authorization(subscriptionId);
  return callArm(`/subscriptions/${subscriptionId}`, async () => {
    const found: ArmRoleAssignment[] = [];
    const filter = `assignedTo('${principalId}')`;
    for await (const assignment of roleAssignments.listForSubscription({ filter })) {
      found.push(assignment);
    }
    return found;
  });
}

interface Answer {
  readonly principalId: string;
  readonly found: readonly ArmRoleAssignment[];
}

/** What a principal may do at a scope; through a group it is as good as its own. */
export async function assignmentsAt(
  clients: Clients,
  scope: string,
  principalId: string,
): Promise<readonly RoleAssignment[]> {
  const { roleAssignments } = await clients.authorization(scope.split('/')[2] ?? '');
  return callArm(scope, async () => {
    const found: RoleAssignment[] = [];
    const filter = `atScope() and assignedTo('${principalId}')`;
    for await (const each of roleAssignments.listForScope(scope.slice(1), { filter })) {
      found.push(toRoleAssignment(each));
    }
    return found;
  });
}

/** Azure lists a principal's rights through groups among its own. */
function groupsOf(answers: readonly Answer[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const { principalId, found } of answers) {
    const through = found
      .filter(({ principalType }) => principalType === 'Group')
      .map((one) => one.principalId ?? '');
    if (through.length === 0) continue;
    groups[principalId] = [...new Set([...(groups[principalId] ?? []), ...through])];
  }
  return groups;
}

/** What roles permit that are not built in, or not known: their definitions tell. */
async function customRoles(
  clients: Clients,
  { id }: ClusterSnapshot,
  assignments: readonly RoleAssignment[],
): Promise<Record<string, readonly Permission[]>> {
  const { subscriptionId } = clusterIdParts(id);
  const unknown = [...new Set(assignments.map(({ role }) => role))].filter(
    (role) => !roleName(role),
  );
  if (unknown.length === 0) return {};
  const { roleDefinitions } = await clients.authorization(subscriptionId);
  const scope = `subscriptions/${subscriptionId}`;
  const found = await Promise.all(
    unknown.map(async (role): Promise<[string, Permission[]][]> => {
      const definition = await readArm(`/${scope}`, () => roleDefinitions.get(scope, role));
      if (!definition) return [];
      const permissions = (definition.permissions ?? []).map((one) => ({
        actions: one.actions ?? [],
        notActions: one.notActions ?? [],
        dataActions: one.dataActions ?? [],
        notDataActions: one.notDataActions ?? [],
      }));
      return [[role, permissions]];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** What Steward reads in an assignment. */
export function toRoleAssignment(assignment: ArmRoleAssignment): RoleAssignment {
  const { description } = assignment;
  return {
    id: assignment.id ?? '',
    scope: assignment.scope ?? '',
    principalId: assignment.principalId ?? '',
    role: armName(assignment.roleDefinitionId ?? '').toLowerCase(),
    conditional: (assignment.condition ?? '') !== '',
    ...(description !== undefined && description !== '' && { description }),
  };
}
