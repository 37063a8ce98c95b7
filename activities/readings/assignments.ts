import type { RoleAssignment as ArmRoleAssignment } from '@azure/arm-authorization';

import type { Clients } from '../../clients';
import { callArm } from '../../clients/arm-errors';
import type { ClusterSnapshot, RoleAssignment } from '../../domain/cluster';
import { armName, clusterIdParts } from '../../domain/ids';
import type { Policy } from '../../domain/policy';
import { requiredRoles } from '../../domain/roles';

/**
 * Role assignments of the cluster's present and future identities, at, above and below the
 * subscriptions that hold what they need. One call for each identity and subscription.
 */
export async function readAssignments(
  clients: Clients,
  snapshot: ClusterSnapshot,
  policy: Policy,
): Promise<readonly RoleAssignment[]> {
  const wanted = requiredRoles(snapshot, policy.roles.registries);
  const subscriptions = new Set(wanted.map(({ scope }) => scope.split('/')[2] ?? ''));
  subscriptions.add(clusterIdParts(snapshot.id).subscriptionId);
  const lists = principals(snapshot, policy).flatMap((principalId) =>
    [...subscriptions].map((subscription) =>
      list(clients, subscription.toLowerCase(), principalId),
    ),
  );
  return (await Promise.all(lists)).flat();
}

function principals(
  { controlPlane, kubelet, targetIdentity }: ClusterSnapshot,
  policy: Policy,
): readonly string[] {
  const ids = [
    controlPlane.kind === 'servicePrincipal'
      ? targetIdentity?.principalId
      : controlPlane.principalId,
    policy.roles.registries.length > 0 ? kubelet?.objectId : undefined,
  ];
  return ids.filter((id) => id !== undefined && id !== '') as string[];
}

async function list(
  clients: Clients,
  subscriptionId: string,
  principalId: string,
): Promise<RoleAssignment[]> {
  const { roleAssignments } = await clients.authorization(subscriptionId);
  return callArm(`/subscriptions/${subscriptionId}`, async () => {
    const found: RoleAssignment[] = [];
    const filter = `principalId eq '${principalId}'`;
    for await (const assignment of roleAssignments.listForSubscription({ filter })) {
      found.push(toRoleAssignment(assignment));
    }
    return found;
  });
}

/** What Steward reads in an assignment. */
export function toRoleAssignment(assignment: ArmRoleAssignment): RoleAssignment {
  return {
    id: assignment.id ?? '',
    scope: assignment.scope ?? '',
    principalId: assignment.principalId ?? '',
    role: armName(assignment.roleDefinitionId ?? '').toLowerCase(),
    conditional: (assignment.condition ?? '') !== '',
  };
}
