import { isObject, objectAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Cluster } from '../../providers/container-service/cluster';

/** Where one node differs from what follows from its pool; part of `$truth.pools.<pool>.nodes` of its cluster. */
export interface NodeTruth extends JsonObject {
  readonly image?: string;
  /** Epoch milliseconds when the node was imaged last. */
  readonly imagedAt?: number;
  /** Epoch milliseconds of the last boot. */
  readonly bootedAt?: number;
  /** Epoch milliseconds when the node registered. */
  readonly registeredAt?: number;
  readonly kubeletClientId?: string;
  readonly ready?: boolean;
  /** NMI was killed here and left its redirect behind. */
  readonly staleRedirect?: boolean;
  /** Members of the node object that a client wrote: `spec.unschedulable`, `spec.taints`, labels, annotations. */
  readonly written?: JsonObject;
}

export function nodeTruths(cluster: Cluster, pool: string): Readonly<Record<string, NodeTruth>> {
  const found = objectAt(cluster.$truth, 'pools', pool, 'nodes');
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, truth]) => (isObject(truth) ? [[name, truth]] : [])),
  );
}

export function withNodeTruths(
  cluster: Cluster,
  pool: string,
  truths: Readonly<Record<string, NodeTruth>>,
): Cluster {
  const value = Object.keys(truths).length === 0 ? undefined : truths;
  if (value === undefined && objectAt(cluster.$truth, 'pools', pool)['nodes'] === undefined) {
    return cluster;
  }
  return withAt(cluster, ['$truth', 'pools', pool, 'nodes'], value);
}
