import type { Clients } from '../clients';
import { callArm } from '../clients/arm-errors';
import { aksApiVersion, getCluster, requireWritable } from '../clients/clusters';
import { operationOf, operationOn } from '../clients/operations';
import type { ClusterFacts, NodePool } from '../domain/cluster';
import { isBusy } from '../domain/cluster';
import { clusterIdParts } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { compareImages } from '../domain/node-image';
import type { Operation } from '../domain/operation';
import { FailureError } from '../domain/outcome';
import type { PoolRoll } from '../domain/plan/steps';
import { defineActivity } from './activity';
import { poolsBeforeSwitch } from './readings/scale-sets';

export interface StartNodeImageRollInput {
  readonly clusterId: ClusterId;
  readonly pool: PoolRoll;
}

/**
 * Starts to re-image the nodes of a pool. Idempotent: nodes that are new enough are left alone, and a
 * roll that is under way, whoever started it, is waited for.
 *
 * @throws FailureError `NotFound` when the pool is gone.
 */
export const startNodeImageRoll = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action',
    'Microsoft.Compute/virtualMachineScaleSets/read',
  ],
  async ({ clusterId, pool }: StartNodeImageRollInput, { clients, log }): Promise<Operation> => {
    const { facts } = await getCluster(clients, clusterId);
    const now = facts.nodePools.find(({ name }) => name === pool.name);
    if (!now) throw gone(facts, pool.name);
    const subject = {
      title: `node image roll of ${facts.name}/${pool.name}`,
      target: `${facts.armId}/agentPools/${pool.name}`,
      subscriptionId: clusterIdParts(clusterId).subscriptionId,
    };
    if (isBusy(now.provisioningState)) return operationOn(subject);
    if (await isDone(clients, { facts, now, pool })) return { status: 'succeeded' };
    requireWritable(facts);

    log.info('nodePool.rolling', { clusterId, nodePool: pool.name, reason: pool.reason });
    const arm = await clients.arm(subject.subscriptionId);
    const path = `${subject.target}/upgradeNodeImageVersion`;
    const response = await callArm(subject.target, () =>
      arm({ method: 'POST', path, apiVersion: aksApiVersion }),
    );
    return operationOf(response, subject);
  },
);

async function isDone(
  clients: Clients,
  { facts, now, pool }: { facts: ClusterFacts; now: NodePool; pool: PoolRoll },
): Promise<boolean> {
  if (compareImages(now.imageVersion, pool.to) === 'stale') return false;
  if (pool.reason === 'image') return true;
  return !(await poolsBeforeSwitch(clients, facts)).includes(pool.name);
}

function gone({ name, armId }: ClusterFacts, pool: string): FailureError {
  return new FailureError({
    code: 'NotFound',
    message: `${name} has no node pool ${pool} any more.`,
    next: 'Onboard the cluster again; the new plan is made from the pools it has now.',
    target: armId,
  });
}
