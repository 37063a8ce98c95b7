import { objectAt } from '../../json';
import type { Operation } from '../../operation-store';
import { nameOf, withPoolTruth } from '../../providers/container-service/cluster';
import type { Cluster, PoolOf } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import { nodeTruths, withNodeTruths } from './node-truth';
import type { NodeTruth } from './node-truth';
import { courseOf, nodesOfPool } from './nodes-of';
import type { NodeState } from './nodes-of';

/**
 * Keeps every node of a pool as it is when the operation that rolls it ends badly: some are new, some old, and the one
 * whose drain failed stays cordoned.
 */
export function withNodesKept(found: PoolOf, operation: Operation, world: World): Cluster {
  const name = nameOf(found.pool);
  const before = nodesOfPool({ ...found, operation: notStarted(operation) }, world);
  const truths = nodeTruths(found.cluster, name);
  const kept = Object.entries(truthsOf(atTheEnd(found, operation, world))).map(([node, truth]) => {
    const imaged = before.find((one) => one.name === node)?.imagedAt !== truth.imagedAt;
    const stale = !imaged && truths[node]?.staleRedirect === true;
    return [node, stale ? { ...truth, staleRedirect: true } : truth] as const;
  });
  return withNodeTruths(found.cluster, name, Object.fromEntries(kept));
}

/**
 * The cluster with the nodes of a roll that succeeded: imaged one batch after the other, except those that the settings
 * leave behind.
 *
 * @param rolled the cluster whose pool has the new image
 * @param found the pool as it was during the roll
 */
export function withNodesRolled(
  rolled: Cluster,
  { found, operation }: { readonly found: PoolOf; readonly operation: Operation },
  world: World,
): Cluster {
  const name = nameOf(found.pool);
  const settings = world.behaviour.kubernetes;
  const { rollKeepsOld, rollLeavesNotReady, rollLeavesCordoned } = settings;
  const ordinary = settings.reimagedNode === 'new-uid' && settings.reimageReboots;
  if (ordinary && rollKeepsOld + rollLeavesNotReady + rollLeavesCordoned === 0) {
    return withPoolTruth(rolled, name, { lastRoll: courseOf(operation, found.pool) });
  }
  const before = nodesOfPool({ ...found, operation: notStarted(operation) }, world);
  const nodes = atTheEnd(found, operation, world);
  const firstOld = nodes.length - rollKeepsOld;
  const mixed = nodes.map((node, index): NodeState => ({
    ...((index >= firstOld ? before[index] : undefined) ?? node),
    ready: index >= rollLeavesNotReady,
    cordoned: index < rollLeavesCordoned,
  }));
  return withNodeTruths(rolled, name, truthsOf(mixed));
}

function atTheEnd(found: PoolOf, operation: Operation, world: World): readonly NodeState[] {
  const { cluster, pool } = found;
  return nodesOfPool({ cluster, pool, operation }, world).filter(({ surge }) => !surge);
}

/** The operation as it was before its first step. */
function notStarted(operation: Operation): Operation {
  return { ...operation, kind: 'none' };
}

function truthsOf(nodes: readonly NodeState[]): Readonly<Record<string, NodeTruth>> {
  return Object.fromEntries(
    nodes.map(({ name, image, imagedAt, bootedAt, registeredAt, ...node }) => {
      const spec = {
        ...objectAt(node.written, 'spec'),
        ...(node.cordoned && { unschedulable: true }),
      };
      const written = { ...node.written, spec };
      const { kubeletClientId, ready } = node;
      return [name, { image, imagedAt, bootedAt, registeredAt, kubeletClientId, ready, written }];
    }),
  );
}
