import { getCluster, putCluster, requireWritable } from '../clients/clusters';
import { operationOn } from '../clients/operations';
import { isBusy } from '../domain/cluster';
import { clusterIdParts, clusterKey } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { Operation } from '../domain/operation';
import { FailureError } from '../domain/outcome';
import { defineActivity } from './activity';
import { clusterWriteNeeds } from './cluster-write-needs';
import { missingIdentities } from './readings/identities';
import { rememberBefore } from './undo-log';

export interface DisablePodIdentityInput {
  readonly clusterId: ClusterId;
  /** `namespace/name` of every entry that may go with the add-on. */
  readonly deadEntries: readonly string[];
  /** Of those that may go although their identities exist. */
  readonly liveEntries?: readonly string[];
}

/**
 * Turns the pod-identity add-on off, with its entries, in one write. Idempotent.
 *
 * @throws FailureError `PodIdentityInUse` when the cluster has an entry that was not in the plan, or
 * whose identity exists again: somebody may be using it.
 */
export const disablePodIdentity = defineActivity(
  [...clusterWriteNeeds, 'Microsoft.ManagedIdentity/userAssignedIdentities/read'],
  async (input: DisablePodIdentityInput, context): Promise<Operation> => {
    const { clusterId, deadEntries, liveEntries = [] } = input;
    const { clients, log } = context;
    const cluster = await getCluster(clients, clusterId);
    const { facts } = cluster;
    if (!facts.podIdentity.enabled) {
      await clients.records.remove('acceptance', clusterKey(clusterId));
      if (!isBusy(facts.provisioningState)) return { status: 'succeeded' };
      const { subscriptionId } = clusterIdParts(clusterId);
      const title = `retirement of the pod-identity add-on of ${facts.name}`;
      return operationOn({ title, target: facts.armId, subscriptionId });
    }
    requireWritable(facts);
    const missing = await missingIdentities(clients, facts);
    const unexpected = facts.podIdentity.entries.filter(
      ({ namespace, name, identityId }) =>
        !liveEntries.includes(`${namespace}/${name}`) &&
        (!deadEntries.includes(`${namespace}/${name}`) || !missing.includes(identityId)),
    );
    if (unexpected.length > 0) throw inUse(facts, unexpected);

    const { podIdentityProfile } = cluster.body['properties'] as { podIdentityProfile?: object };
    await rememberBefore(context, {
      action: 'disablePodIdentity',
      target: facts.armId,
      before: { podIdentityProfile: podIdentityProfile ?? null },
    });
    log.info('cluster.podIdentity.disabling', {
      clusterId,
      entries: facts.podIdentity.entries.length,
    });
    const operation = await putCluster(clients, cluster, {
      title: 'retirement of the pod-identity add-on',
      properties: { podIdentityProfile: { enabled: false } },
    });
    await clients.records.remove('acceptance', clusterKey(clusterId));
    return operation;
  },
);

function inUse(
  { name, armId }: { readonly name: string; readonly armId: string },
  entries: readonly { readonly namespace: string; readonly name: string }[],
): FailureError {
  const names = entries.map((entry) => `${entry.namespace}/${entry.name}`).join(', ');
  return new FailureError({
    code: 'PodIdentityInUse',
    message: `${name} has pod identities that were not in the plan: ${names}.`,
    next: 'Move these workloads to Workload ID first, then onboard the cluster again.',
    target: armId,
  });
}
