import { textAt, withAt } from '../../json';
import { nameOf, poolsOf } from '../../providers/container-service/cluster';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import { isDeleting, numberAt, resourceOf } from '../controllers/objects';
import { isReady } from '../controllers/pod-facts';
import { nodeTruths, withNodeTruths } from '../nodes/node-truth';
import { nodesOfPool } from '../nodes/nodes-of';
import type { ObjectChange } from '../objects/object-store';
import type { KubeObject } from '../resource-table';
import { isNmi } from './images';

/**
 * NMI takes its redirect off the node when it is told to end. Killed at once it leaves it there: what pods of that node
 * send to the metadata endpoint goes nowhere, until NMI ends well there or the node is imaged anew.
 *
 * @param byItself whether the pod ended in its time, or with its node
 */
export function noteEndOfNmi(
  { address, before, after }: ObjectChange,
  world: World,
  { byItself }: { readonly byItself: boolean },
): void {
  if (address.resource !== resourceOf.Pod || after !== undefined || !isNmi(before)) return;
  const cluster = world.resources.get(address.cluster);
  const node = textAt(before, 'spec', 'nodeName');
  if (cluster === undefined || node === undefined || before === undefined) return;
  const grace = numberAt(before.metadata, ['deletionGracePeriodSeconds'], 0);
  const endedWell = byItself || (isDeleting(before) && grace > 0);
  setStale(cluster, { node, stale: !endedWell }, world);
}

function setStale(
  cluster: Cluster,
  { node, stale }: { readonly node: string; readonly stale: boolean },
  world: World,
): void {
  for (const pool of poolsOf(cluster)) {
    const name = nameOf(pool);
    if (!nodesOfPool({ cluster, pool }, world).some((one) => one.name === node)) continue;
    const truths = nodeTruths(cluster, name);
    if ((truths[node]?.staleRedirect === true) === stale) return;
    const changed = withAt({ ...truths[node] }, ['staleRedirect'], stale ? true : undefined);
    world.resources.put(withNodeTruths(cluster, name, { ...truths, [node]: changed }));
  }
}

/** Where requests to the metadata endpoint end that pods off the host network send on a node. */
export type Metadata =
  { readonly kind: 'nmi'; readonly nmi: KubeObject } | { readonly kind: 'open' | 'dead' };

export function metadataOn(node: string, cluster: Cluster, world: World): Metadata {
  const list = { cluster: cluster.id, resource: resourceOf.Pod };
  const nmi = world.objects
    .list(list)
    .find(
      (pod) =>
        textAt(pod, 'spec', 'nodeName') === node && isNmi(pod) && isReady(pod) && !isDeleting(pod),
    );
  if (nmi !== undefined) return { kind: 'nmi', nmi };
  const stale = poolsOf(cluster).some(
    (pool) => nodeTruths(cluster, nameOf(pool))[node]?.staleRedirect === true,
  );
  return { kind: stale ? 'dead' : 'open' };
}
