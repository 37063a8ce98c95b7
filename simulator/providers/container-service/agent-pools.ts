import defaults from '../../data/cluster-defaults.json';
import { at, isObject, objectAt, textAt, withAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import { nodesOfPool } from '../../kubernetes/nodes/nodes-of';
import { operationHeaders, startOperation } from '../../operations';
import { pageAnswer } from '../../paging';
import { aksError, param } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { OperationKind, World } from '../../world';
import {
  locationOf,
  nameOf,
  onCluster,
  onPool,
  poolId,
  poolNamed,
  poolOfTarget,
  poolsOf,
  provisioningError,
  withPool,
} from './cluster';
import type { Cluster, Pool } from './cluster';
import { desiredPool, refusedImage, rollbackImage } from './desired-cluster';
import { failedCondition, refusedPoolState } from './preconditions';
import { withReimagedPool } from './reimage';
import { rollMinutes } from './roll';

const settingsMinutes = 2;
const poolNamePattern = /^[a-z][a-z0-9]{0,11}$/;

export const listPools = onCluster((cluster, request, world) =>
  pageAnswer(
    request,
    poolsOf(cluster).map((pool) => poolBody(cluster, nameOf(pool))),
    world,
  ),
);

export const getPool = onPool(({ cluster, pool }) => ({
  status: 200,
  body: poolBody(cluster, nameOf(pool)),
}));

/** Creates a pool or changes its settings; an older `nodeImageVersion` rolls it back. */
export const putPool = onCluster((cluster, request, world) => {
  const name = param(request, 'pool');
  const before = poolNamed(cluster, name);
  const properties = objectAt(request.body, 'properties');
  const refused =
    failedCondition(request, textAt(before, 'eTag')) ??
    invalidPool(request, name) ??
    refusedPoolState(cluster, name, world) ??
    (before && refusedImage(cluster, before, properties['nodeImageVersion']));
  return refused ?? acceptPool(cluster, request, world);
});

function acceptPool(cluster: Cluster, request: ArmRequest, world: World): ArmResponse {
  const name = param(request, 'pool');
  const before = poolNamed(cluster, name);
  const properties = objectAt(request.body, 'properties');
  const image = before && rollbackImage(before, properties);
  const wanted = desiredPool(before, { ...properties, name });
  const pool = { ...(before ? {} : firstPoolValues(cluster)), ...wanted, eTag: world.guid() };
  const state = before ? 'Updating' : 'Creating';
  const busy = { ...pool, provisioningState: state, status: undefined };
  const pools = [...poolsOf(cluster).filter((other) => nameOf(other) !== name), busy];
  const changed = world.resources.put(
    withMembers(
      before
        ? withPool(cluster, name, busy)
        : withAt(cluster, ['properties', 'agentPoolProfiles'], pools),
      name,
      request,
    ),
  );
  const operation = startOperation(world, request, {
    kind: before ? 'UpdatingPool' : 'CreatingPool',
    target: poolId(cluster, name),
    minutes: image === undefined ? settingsMinutes : rollMinutes(pool, world),
    details: { principal: request.principal, image: image ?? null },
  });
  const headers = operationHeaders(request, operation, locationOf(cluster));
  return {
    status: before ? 200 : 201,
    body: poolBody(changed, name),
    headers: { 'azure-asyncoperation': headers['azure-asyncoperation'] },
  };
}

export const deletePool = onCluster((cluster, request, world) => {
  const name = param(request, 'pool');
  const pool = poolNamed(cluster, name);
  if (pool === undefined) return { status: 204 };
  const refused =
    failedCondition(request, textAt(pool, 'eTag')) ??
    refusedPoolState(cluster, name, world) ??
    lastSystemPool(cluster, name);
  if (refused) return refused;
  world.resources.put(withPool(cluster, name, { provisioningState: 'Deleting' }));
  const operation = startOperation(world, request, {
    kind: 'DeletingPool',
    target: poolId(cluster, name),
    minutes: settingsMinutes,
  });
  return { status: 202, headers: operationHeaders(request, operation, locationOf(cluster)) };
});

/** Takes named machines out of a pool. */
export const deleteMachines = onPool(({ cluster, pool }, request, world) => {
  const name = nameOf(pool);
  const machines = at(request.body, 'machineNames');
  const known = new Set(nodesOfPool({ cluster, pool }, world).map((node) => node.name));
  const named = Array.isArray(machines) ? (machines as readonly Json[]) : [];
  const unknown = named.find((one) => typeof one !== 'string' || !known.has(one));
  if (named.length === 0 || unknown !== undefined) {
    return aksError(400, 'InvalidParameter', 'machineNames must name machines of the pool.');
  }
  const refused = refusedPoolState(cluster, name, world);
  if (refused) return refused;
  const count = Math.max(0, Number(pool['count'] ?? 0) - named.length);
  world.resources.put(withPool(cluster, name, { count, provisioningState: 'Updating' }));
  const operation = startOperation(world, request, {
    kind: 'UpdatingPool',
    target: poolId(cluster, name),
    minutes: settingsMinutes,
    details: { principal: request.principal, image: null },
  });
  return { status: 202, headers: operationHeaders(request, operation, locationOf(cluster)) };
});

/** How creating a pool and changing its settings end. */
export const poolWrite: OperationKind = {
  succeed: (operation, world) => {
    const found = poolOfTarget(operation.target, world);
    if (found === undefined) return;
    const { cluster, pool } = found;
    const name = nameOf(pool);
    const image = textAt(operation.details, 'image');
    const isNew = pool['nodeImageVersion'] === undefined;
    const rolled =
      image !== undefined || isNew ? withReimagedPool(cluster, { name, image }, world) : cluster;
    const version = objectAt(cluster, 'properties')['currentKubernetesVersion'];
    const done = {
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
      currentOrchestratorVersion: pool['currentOrchestratorVersion'] ?? version,
      eTag: world.guid(),
    };
    world.resources.put(withPool(rolled, name, done));
  },
  fail: (operation, error, world) => {
    const found = poolOfTarget(operation.target, world);
    if (found === undefined) return;
    const failed = { provisioningState: 'Failed', status: provisioningError(error) };
    world.resources.put(withPool(found.cluster, nameOf(found.pool), failed));
  },
  cancel: (operation, world) => {
    const found = poolOfTarget(operation.target, world);
    if (found === undefined) return;
    const canceled = { provisioningState: 'Canceled', eTag: world.guid() };
    world.resources.put(withPool(found.cluster, nameOf(found.pool), canceled));
  },
};

export const poolDeletion: OperationKind = {
  succeed: (operation, world) => {
    const found = poolOfTarget(operation.target, world);
    if (found === undefined) return;
    const { cluster, pool } = found;
    const left = poolsOf(cluster).filter((other) => nameOf(other) !== nameOf(pool));
    world.resources.put(withAt(cluster, ['properties', 'agentPoolProfiles'], left));
  },
  fail: poolWrite.fail,
  ...(poolWrite.cancel && { cancel: poolWrite.cancel }),
};

/** What AKS fills in at once where a new pool's request is silent. */
function firstPoolValues(cluster: Cluster): Pool {
  const { currentKubernetesVersion, kubernetesVersion } = objectAt(cluster, 'properties');
  const version = currentKubernetesVersion ?? kubernetesVersion;
  return {
    ...defaults.pool,
    ...(version !== undefined && {
      orchestratorVersion: version,
      currentOrchestratorVersion: version,
    }),
  };
}

/** What a caller wrote beside `properties` has no place in the cluster: it is kept apart. */
function withMembers(cluster: Cluster, name: string, { body }: ArmRequest): Cluster {
  const own = new Set(['id', 'name', 'type', 'properties']);
  const others = Object.entries(objectAt(body)).filter(([member]) => !own.has(member));
  if (others.length === 0) return cluster;
  const path = ['$truth', 'poolMembers', name];
  const kept = objectAt(cluster, ...path);
  return withAt(cluster, path, { ...kept, ...Object.fromEntries(others) });
}

/** A pool as its own resource. */
export function poolBody(cluster: Cluster, name: string): JsonObject {
  return {
    ...objectAt(cluster.$truth, 'poolMembers', name),
    id: poolId(cluster, name),
    name,
    type: 'Microsoft.ContainerService/managedClusters/agentPools',
    properties: withAt(poolNamed(cluster, name) ?? {}, ['name'], undefined),
  };
}

function invalidPool({ body }: ArmRequest, name: string): ArmResponse | undefined {
  if (!isObject(body) || !isObject(body['properties'])) {
    return aksError(400, 'InvalidParameter', 'The request body must be an agent pool.');
  }
  const count = body['properties']['count'];
  if (count !== undefined && !(Number.isInteger(count) && Number(count) >= 0)) {
    return aksError(
      400,
      'InvalidParameter',
      'The value of parameter count must be a whole number.',
    );
  }
  return poolNamePattern.test(name)
    ? undefined
    : aksError(
        400,
        'InvalidParameter',
        `The agent pool name ${name} is invalid: use 1 to 12 lower-case letters and digits, a letter first.`,
      );
}

function lastSystemPool(cluster: Cluster, name: string): ArmResponse | undefined {
  const others = poolsOf(cluster).filter((pool) => nameOf(pool) !== name);
  return others.some((pool) => pool['mode'] === 'System')
    ? undefined
    : aksError(
        400,
        'OperationNotAllowed',
        'There has to be at least one system agent pool in the cluster.',
      );
}
