import { getCluster, putCluster, requireWritable } from '../clients/clusters';
import { operationOn } from '../clients/operations';
import { isClusterBusy } from '../domain/cluster';
import { clusterIdParts, sameArmId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { Operation } from '../domain/operation';
import { defineActivity } from './activity';
import { clusterWriteNeeds } from './cluster-write-needs';
import { rememberBefore } from './undo-log';

export interface AdoptKubeletIdentityInput {
  readonly clusterId: ClusterId;
  /** ARM id of the user-assigned identity. */
  readonly resourceId: string;
}

/**
 * Gives the nodes of a cluster an identity of yours; Azure re-images every pool. Idempotent: a cluster that
 * has the identity, or is on its way there, is left alone.
 *
 * @see https://learn.microsoft.com/azure/aks/pre-created-kubelet-managed-identity
 */
export const adoptKubeletIdentity = defineActivity(
  clusterWriteNeeds,
  async ({ clusterId, resourceId }: AdoptKubeletIdentityInput, context): Promise<Operation> => {
    const { clients, log } = context;
    const cluster = await getCluster(clients, clusterId);
    const { facts, body } = cluster;
    if (facts.kubelet && sameArmId(facts.kubelet.resourceId, resourceId)) {
      if (!isClusterBusy(facts)) return { status: 'succeeded' };
      const { subscriptionId } = clusterIdParts(clusterId);
      const title = `change of the kubelet identity of ${facts.name}`;
      return operationOn({ title, target: facts.armId, subscriptionId });
    }
    requireWritable(facts);

    await rememberBefore(context, {
      action: 'adoptKubeletIdentity',
      target: facts.armId,
      before: { kubeletidentity: facts.kubelet ?? null },
    });
    log.info('cluster.kubelet.adopting', { clusterId, resourceId });
    const { identityProfile } = (body['properties'] ?? {}) as { identityProfile?: object };
    return putCluster(clients, cluster, {
      title: 'change of the kubelet identity',
      properties: { identityProfile: { ...identityProfile, kubeletidentity: { resourceId } } },
    });
  },
);
