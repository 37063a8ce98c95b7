import { callArm, readArm } from '../clients/arm-errors';
import { aksApiVersion } from '../clients/clusters';
import { operationOf, operationOn } from '../clients/operations';
import { armName, clusterIdParts } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { Operation } from '../domain/operation';
import { FailureError } from '../domain/outcome';
import { ownershipTag } from '../domain/plan/creation-body';
import type { ClusterBody } from '../domain/plan/steps';
import { defineActivity } from './activity';
import { clusterWriteNeeds } from './cluster-write-needs';
import { rememberBefore } from './undo-log';

export interface CreateClusterInput {
  readonly clusterId: ClusterId;
  /** The id as ARM shall spell it. */
  readonly armId: string;
  readonly body: ClusterBody;
}

/**
 * Asks Azure for a new cluster, and for nothing where there is one: the write is made on the condition that
 * nothing has the name. Idempotent: a cluster that this very plan has asked for is waited for.
 *
 * @throws FailureError `Conflict` when somebody else's cluster has the name.
 */
export const createCluster = defineActivity(
  clusterWriteNeeds,
  async ({ clusterId, armId, body }: CreateClusterInput, context): Promise<Operation> => {
    const { clients, log } = context;
    const { subscriptionId } = clusterIdParts(clusterId);
    const subject = {
      title: `creation of ${armName(armId)}`,
      target: clusterId as string,
      subscriptionId,
    };
    const arm = await clients.arm(subscriptionId);
    const present = await readArm(clusterId, () =>
      arm({ method: 'GET', path: clusterId, apiVersion: aksApiVersion }),
    );
    if (present) {
      if (ownerOf(present.body) === '' || ownerOf(present.body) !== ownerOf(body)) {
        throw taken(armId);
      }
      return operationOn(subject);
    }
    await rememberBefore(context, { action: 'createCluster', target: armId, before: null });
    log.info('cluster.creating', { clusterId });
    const response = await callArm(armId, () =>
      arm({
        method: 'PUT',
        path: armId,
        apiVersion: aksApiVersion,
        ifNoneMatch: '*',
        body,
      }),
    );
    return operationOf(response, subject);
  },
);

function ownerOf(body: unknown): string {
  const { tags } = (body ?? {}) as { readonly tags?: Readonly<Record<string, unknown>> | null };
  const owner = tags?.[ownershipTag];
  return typeof owner === 'string' ? owner : '';
}

function taken(armId: string): FailureError {
  return new FailureError({
    code: 'Conflict',
    message: `There is a cluster called ${armName(armId)} already.`,
    next: 'Choose another name, or onboard the cluster that is there.',
    target: armId,
  });
}
