import type { Clients } from '../clients';
import { callArm, readArm } from '../clients/arm-errors';
import { getCluster } from '../clients/clusters';
import { armName, canonicalArmId, clusterIdParts, sameArmId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import type { RemovedAssignment } from '../domain/plan/steps';
import { isForPodIdentity } from '../domain/pod-identity/operators';
import { principalsOf } from '../domain/roles/principals';
import type { RoleAssignment } from '../domain/snapshot';
import { defineActivity } from './activity';
import { toRoleAssignment } from './readings/assignments';
import { rememberBefore } from './undo-log';

export interface RemoveRoleInput {
  readonly clusterId: ClusterId;
  readonly assignment: RemovedAssignment;
}

/**
 * Takes one role assignment away. Idempotent: one that is gone is done. One that a pod identity needs after all is left:
 * without it Azure would refuse every write of that cluster.
 *
 * @throws FailureError `Conflict` when the assignment does not say any more what the plan was made for, or
 * when it is of a former principal that the cluster acts as again.
 */
export const removeRole = defineActivity(
  [
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleAssignments/delete',
    'Microsoft.ContainerService/managedClusters/read',
  ],
  async (
    { clusterId, assignment }: RemoveRoleInput,
    context,
  ): Promise<{ readonly removed: boolean }> => {
    const { clients, log } = context;
    const { id, scope, principalId, role } = assignment;
    const { roleAssignments } = await clients.authorization(
      clusterIdParts(clusterId).subscriptionId,
    );
    const name = armName(id);
    const found = await readArm(id, () => roleAssignments.get(scope.slice(1), name));
    if (!found) return { removed: false };
    const seen = toRoleAssignment(found);
    if (!saysSame(seen, assignment)) throw changed(id);
    if (assignment.former) {
      const { facts } = await getCluster(clients, clusterId);
      const current = Object.values(principalsOf(facts)).map((one) => one?.toLowerCase());
      if (current.includes(principalId.toLowerCase())) throw inUseAgain(facts.name, id);
    }

    if (isForPodIdentity(seen) && (await isNeeded(clients, clusterId, seen))) {
      return { removed: false };
    }

    const { description = '', condition = '' } = found;
    await rememberBefore(context, {
      action: 'removeRole',
      target: id,
      before: { scope, principalId, role, description, condition },
    });
    log.info('role.removing', { clusterId, role, scope, principalId });
    await readArm(id, () => roleAssignments.delete(scope.slice(1), name)); // gone meanwhile is gone
    return { removed: true };
  },
);

function saysSame(
  seen: Pick<RoleAssignment, 'principalId' | 'role' | 'scope'>,
  { principalId, role, scope }: RemovedAssignment,
): boolean {
  return (
    seen.principalId.toLowerCase() === principalId.toLowerCase() &&
    seen.role.toLowerCase() === role.toLowerCase() &&
    canonicalArmId(seen.scope) === canonicalArmId(scope)
  );
}

/**
 * Whether a cluster of the subscription that acts as the holder has an entry for the identity, by Resource Manager itself:
 * the plan was made from Resource Graph, which is behind.
 */
async function isNeeded(
  clients: Clients,
  clusterId: ClusterId,
  { principalId, scope }: RoleAssignment,
): Promise<boolean> {
  const { subscriptionId } = clusterIdParts(clusterId);
  const { managedClusters } = await clients.containerService(subscriptionId);
  return callArm(`/subscriptions/${subscriptionId}`, async () => {
    for await (const { identity, podIdentityProfile } of managedClusters.list()) {
      const own = Object.values(identity?.userAssignedIdentities ?? {}).map(
        (one) => one.principalId,
      );
      const holders = [...own, identity?.principalId].map((one) => one?.toLowerCase());
      const entries = podIdentityProfile?.userAssignedIdentities ?? [];
      const hasEntry = entries.some((one) => sameArmId(one.identity.resourceId ?? '', scope));
      if (hasEntry && holders.includes(principalId.toLowerCase())) return true;
    }
    return false;
  });
}

function changed(id: string): FailureError {
  return new FailureError({
    code: 'Conflict',
    message: 'The role assignment that was to be removed says something else now.',
    next: 'Onboard the cluster again; the new plan is made from the assignments it has now.',
    target: id,
  });
}

function inUseAgain(cluster: string, id: string): FailureError {
  return new FailureError({
    code: 'Conflict',
    message: `${cluster} acts as the former principal again, whose role was to be removed.`,
    next: 'Find out who switched the identity back, then onboard the cluster again.',
    target: id,
  });
}
