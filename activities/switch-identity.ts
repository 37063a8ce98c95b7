import { getCluster, putCluster, requireWritable } from '../clients/clusters';
import { operationOn } from '../clients/operations';
import type { ClusterFacts, DesiredIdentity } from '../domain/cluster';
import { isBusy } from '../domain/cluster';
import { clusterIdParts, sameArmId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { Operation } from '../domain/operation';
import { defineActivity } from './activity';
import { clusterWriteNeeds } from './cluster-write-needs';
import { rememberBefore } from './undo-log';

export interface SwitchIdentityInput {
  readonly clusterId: ClusterId;
  readonly identity: DesiredIdentity;
}

/**
 * Moves the control plane of a cluster to a managed identity, from its service principal or from another
 * managed identity.
 *
 * Returns as soon as ARM has accepted the write (seconds); the change takes minutes, and from a service
 * principal it is complete only when the nodes are re-imaged. Idempotent: a cluster that has the identity,
 * or is on its way there, is left alone. The write is conditional on what was read, so it never undoes a
 * change of somebody else. The service principal is sent as it was read: AKS itself puts `msi` in its place.
 *
 * @see https://learn.microsoft.com/azure/aks/use-managed-identity
 */
export const switchIdentity = defineActivity(
  clusterWriteNeeds,
  async ({ clusterId, identity }: SwitchIdentityInput, context): Promise<Operation> => {
    const { clients, log } = context;
    const cluster = await getCluster(clients, clusterId);
    const { facts } = cluster;
    if (has(facts, identity)) {
      if (!isBusy(facts.provisioningState)) return { status: 'succeeded' };
      const { subscriptionId } = clusterIdParts(clusterId);
      const title = `identity switch of ${facts.name}`;
      return operationOn({ title, target: facts.armId, subscriptionId });
    }
    requireWritable(facts);

    await rememberBefore(context, {
      action: 'switchIdentity',
      target: facts.armId,
      before: { ...facts.controlPlane },
    });
    log.info('cluster.identity.switching', { clusterId, to: identity.kind });
    return putCluster(clients, cluster, {
      title: 'identity switch',
      top: { identity: toArmIdentity(identity) },
    });
  },
);

function has({ controlPlane }: ClusterFacts, identity: DesiredIdentity): boolean {
  if (controlPlane.kind !== identity.kind) return false;
  if (controlPlane.kind !== 'userAssigned' || identity.kind !== 'userAssigned') return true;
  return sameArmId(controlPlane.resourceId, identity.resourceId);
}

function toArmIdentity(identity: DesiredIdentity) {
  return identity.kind === 'systemAssigned'
    ? { type: 'SystemAssigned' }
    : { type: 'UserAssigned', userAssignedIdentities: { [identity.resourceId]: {} } };
}
