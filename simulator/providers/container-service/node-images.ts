import { at, canonical, objectAt, textAt } from '../../json';
import { withNodesKept, withNodesRolled } from '../../kubernetes/nodes/end-of-roll';
import { locksOver, scopeLocked } from '../../guards';
import type { Operation, OperationError } from '../../operation-store';
import { operationHeaders, startOperation } from '../../operations';
import { aksError } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { OperationKind, World } from '../../world';
import { poolBody } from './agent-pools';
import {
  locationOf,
  nameOf,
  nodeGroupId,
  onPool,
  poolOfTarget,
  poolTruth,
  provisioningError,
  withPool,
  withProperties,
} from './cluster';
import type { PoolOf } from './cluster';
import { familyOf, latestImage } from './latest-image';
import { refusedPoolState } from './preconditions';
import { withReimagedPool } from './reimage';
import { cannotRoll, rollMinutes } from './roll';

const quickMinutes = 0.5;

/** Starts to image all nodes of a pool anew with the image that is newest at this moment. */
export const upgradeNodeImage = onPool((found, request, world): ArmResponse => {
  const { cluster, pool } = found;
  const refused =
    refusedPoolState(cluster, nameOf(pool), world) ?? lockedNodes(found, world) ?? noScaleSet(pool);
  if (refused) return refused;
  const image = latestImage(cluster, familyOf(pool), world);
  const current = at(pool, 'nodeImageVersion') === image;
  const idle = current && world.behaviour.alreadyCurrent === 'no-op';
  return startRoll(found, request, { world, image: idle ? undefined : image });
});

function startRoll(
  { cluster, pool, id }: PoolOf,
  request: ArmRequest,
  { world, image }: { world: World; image: string | undefined },
): ArmResponse {
  const name = nameOf(pool);
  const rolls = image !== undefined;
  const operation = startOperation(world, request, {
    kind: 'UpgradingNodeImageVersion',
    target: id,
    minutes: rolls ? rollMinutes(pool, world) : quickMinutes,
    error: rolls ? cannotRoll(cluster, pool, world) : undefined,
    details: {
      principal: request.principal,
      image: image ?? null,
      repairs: isFailureOf(pool, cluster),
    },
  });
  const busy = { provisioningState: 'UpgradingNodeImageVersion', status: undefined };
  const changed = world.resources.put(withPool(cluster, name, { ...busy, eTag: world.guid() }));
  if (rolls) emitRolling(world, { operation, outcome: 'Started', time: operation.startedAt });
  return {
    status: 202,
    body: poolBody(changed, name),
    headers: operationHeaders(request, operation, locationOf(cluster)),
    target: image ?? 'already newest',
  };
}

/** How a node image upgrade ends. */
export const nodeImageUpgrade: OperationKind = {
  succeed: (operation, world) => {
    const found = poolOfTarget(operation.target, world);
    if (found === undefined) return;
    const name = nameOf(found.pool);
    const image = textAt(operation.details, 'image');
    const rolled =
      image === undefined
        ? found.cluster
        : withNodesRolled(
            withReimagedPool(found.cluster, { name, image }, world),
            { found, operation },
            world,
          );
    const done = { provisioningState: 'Succeeded', status: undefined };
    const repaired = operation.details['repairs'] === true ? withProperties(rolled, done) : rolled;
    world.resources.put(withPool(repaired, name, { ...done, eTag: world.guid() }));
    if (image === undefined) return;
    emitRolling(world, { operation, outcome: 'Succeeded', time: operation.endsAt });
  },
  fail: (operation, error, world) => {
    const found = poolOfTarget(operation.target, world);
    if (found === undefined) return;
    const cluster = withNodesKept(found, operation, world);
    world.resources.put(withFailure({ ...found, cluster }, error, world));
    emitRolling(world, { operation, outcome: 'Failed', time: operation.endsAt });
  },
  cancel: (operation, world) => {
    const found = poolOfTarget(operation.target, world);
    if (found === undefined) return;
    const canceled = { provisioningState: 'Canceled', eTag: world.guid() };
    const cluster = withNodesKept(found, operation, world);
    world.resources.put(withPool(cluster, nameOf(found.pool), canceled));
  },
};

/** Whether it is a failed roll of this pool that the cluster is failed for. */
function isFailureOf(pool: PoolOf['pool'], cluster: PoolOf['cluster']): boolean {
  const { provisioningState, status } = objectAt(cluster, 'properties');
  return provisioningState === 'Failed' && canonical(status) === canonical(pool['status']);
}

/** After a failed roll pool and cluster are Failed, until a later roll or write ends well. */
function withFailure({ cluster, pool }: PoolOf, error: OperationError, world: World) {
  const status = provisioningError(error);
  const failed = { provisioningState: 'Failed', status, eTag: world.guid() };
  return withProperties(withPool(cluster, nameOf(pool), failed), {
    provisioningState: 'Failed',
    status,
  });
}

function emitRolling(
  world: World,
  what: { operation: Operation; outcome: string; time: number },
): void {
  const [topic = '', pool = ''] = what.operation.target.split(/\/agentPools\//i);
  world.emit({
    type: `Microsoft.ContainerService.NodePoolRolling${what.outcome}`,
    topic,
    subject: topic.slice(topic.lastIndexOf('/') + 1),
    time: what.time,
    data: { nodePoolName: pool },
  });
}

/** The upgrade profile of a pool: the newest image on offer and the ones it used before. */
export const poolUpgradeProfile = onPool(({ cluster, pool, id }, _request, world) => ({
  status: 200,
  body: {
    id: `${id}/upgradeProfiles/default`,
    name: 'default',
    type: 'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles',
    properties: {
      kubernetesVersion: textAt(pool, 'currentOrchestratorVersion') ?? '',
      osType: textAt(pool, 'osType') ?? 'Linux',
      upgrades: [],
      latestNodeImageVersion: latestImage(cluster, familyOf(pool), world),
      recentlyUsedVersions: poolTruth(cluster, nameOf(pool)).recentlyUsedVersions ?? [],
    },
  },
}));

function lockedNodes({ cluster, id }: PoolOf, world: World): ArmResponse | undefined {
  const [lock] = locksOver(world, nodeGroupId(cluster));
  return lock === undefined ? undefined : scopeLocked(id, textAt(lock, 'id') ?? '');
}

function noScaleSet(pool: PoolOf['pool']): ArmResponse | undefined {
  if (pool['type'] !== 'AvailabilitySet') return undefined;
  return aksError(
    400,
    'OperationNotAllowed',
    `Agent pool ${nameOf(pool)} is an availability set: node images are upgraded on scale sets only.`,
  );
}
