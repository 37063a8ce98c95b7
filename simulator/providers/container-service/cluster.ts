import { parentOf } from '../../arm-id';
import { at, objectAt, objectsAt, textAt, withAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import { aksError, notFound, param } from '../../provider';
import type { ArmRequest, ArmResponse, Route } from '../../provider';
import type { Resource } from '../../resource-store';
import type { World } from '../../world';

/** A managed cluster as ARM shows it; its node pools are part of it and have no other place. */
export type Cluster = Resource;

/** A node pool as it stands in `agentPoolProfiles`. */
export type Pool = JsonObject;

/** What the nodes of a pool really are, whatever ARM says about the pool. */
export interface PoolTruth extends JsonObject {
  /** Client id of the identity the kubelets use; the service principal's until the pool was re-imaged after the switch. */
  readonly kubeletClientId?: string;
  /** Epoch milliseconds of the last re-image. */
  readonly rolledAt?: number;
  /** Course of the last roll that ended well: when each node was imaged, whatever the pool became since. */
  readonly lastRoll?: JsonObject;
  readonly recentlyUsedVersions?: readonly JsonObject[];
  /** Name of the disruption budget that blocks every drain. */
  readonly drainBlockedBy?: string;
}

/** The cluster a request is about, or the answer that it does not exist. */
export function clusterFor(request: ArmRequest, { resources }: World): Cluster | undefined {
  return resources.get(clusterId(request));
}

export function clusterId(request: ArmRequest): string {
  const { subscription, group, cluster } = request.params;
  return `/subscriptions/${subscription ?? ''}/resourceGroups/${group ?? ''}/providers/Microsoft.ContainerService/managedClusters/${cluster ?? ''}`;
}

/** Runs a route on the cluster it addresses; 404 when there is none. */
export function onCluster(
  route: (cluster: Cluster, request: ArmRequest, world: World) => ArmResponse,
): Route {
  return (request, world) => {
    const cluster = clusterFor(request, world);
    return cluster ? route(cluster, request, world) : notFound(clusterId(request));
  };
}

/** A node pool and the cluster it belongs to. */
export interface PoolOf {
  readonly cluster: Cluster;
  readonly pool: Pool;
  readonly id: string;
}

/** Runs a route on the pool it addresses; 404 when there is none. */
export function onPool(
  route: (found: PoolOf, request: ArmRequest, world: World) => ArmResponse,
): Route {
  return onCluster((cluster, request, world) => {
    const pool = poolNamed(cluster, param(request, 'pool'));
    if (pool) return route({ cluster, pool, id: poolId(cluster, nameOf(pool)) }, request, world);
    return aksError(
      404,
      'NotFound',
      `Could not find the agent pool ${param(request, 'pool')} in the managed cluster ${nameOf(cluster)}.`,
    );
  });
}

export function poolsOf(cluster: Cluster): readonly Pool[] {
  return objectsAt(cluster, 'properties', 'agentPoolProfiles');
}

export function poolNamed(cluster: Cluster, name: string): Pool | undefined {
  return poolsOf(cluster).find((pool) => nameOf(pool).toLowerCase() === name.toLowerCase());
}

export function poolId(cluster: Cluster, name: string): string {
  return `${cluster.id}/agentPools/${name}`;
}

/** The pool that an operation works on, as it is now. */
export function poolOfTarget(target: string, { resources }: World): PoolOf | undefined {
  const cluster = resources.get(parentOf(target));
  const pool = cluster && poolNamed(cluster, target.slice(target.lastIndexOf('/') + 1));
  return cluster && pool && { cluster, pool, id: target };
}

/** The cluster with one pool changed. */
export function withPool(cluster: Cluster, name: string, change: Pool): Cluster {
  const pools = poolsOf(cluster).map((pool) =>
    nameOf(pool) === name ? { ...pool, ...change } : pool,
  );
  return withAt(cluster, ['properties', 'agentPoolProfiles'], pools);
}

/** The cluster with some properties replaced; `undefined` removes one. */
export function withProperties(cluster: Cluster, change: JsonObject): Cluster {
  return Object.entries(change).reduce(
    (changed, [name, value]) => withAt(changed, ['properties', name], value),
    cluster,
  );
}

/** The cluster with new eTags for itself and all its pools, as after every cluster operation. */
export function withNewETags(cluster: Cluster, world: World): Cluster {
  const pools = poolsOf(cluster).map((pool) => ({ ...pool, eTag: world.guid() }));
  return { ...withAt(cluster, ['properties', 'agentPoolProfiles'], pools), eTag: world.guid() };
}

export function poolTruth(cluster: Cluster, name: string): PoolTruth {
  return objectAt(cluster.$truth, 'pools', name);
}

export function withPoolTruth(cluster: Cluster, name: string, change: PoolTruth): Cluster {
  return withAt(cluster, ['$truth', 'pools', name], { ...poolTruth(cluster, name), ...change });
}

export function nameOf(named: JsonObject): string {
  return textAt(named, 'name') ?? '';
}

export function locationOf(cluster: Cluster): string {
  return textAt(cluster, 'location') ?? '';
}

export function nodeGroupId(cluster: Cluster): string {
  const [, subscription = ''] = /^(\/subscriptions\/[^/]+)/i.exec(cluster.id) ?? [];
  const name = textAt(cluster, 'properties', 'nodeResourceGroup') ?? '';
  return `${subscription}/resourceGroups/${name}`;
}

export function usesServicePrincipal(cluster: JsonObject): boolean {
  const clientId = textAt(cluster, 'properties', 'servicePrincipalProfile', 'clientId');
  return clientId !== undefined && clientId !== 'msi';
}

/** The id of the one user-assigned control-plane identity. */
export function userAssignedId(cluster: JsonObject): string | undefined {
  return Object.keys(objectAt(cluster, 'identity', 'userAssignedIdentities'))[0];
}

/** Object id of the principal that the control plane acts as; undefined while it does not exist. */
export function controlPlanePrincipal(cluster: Cluster, world: World): string | undefined {
  const type = textAt(cluster, 'identity', 'type');
  if (type === 'SystemAssigned') return textAt(cluster, 'identity', 'principalId');
  if (type === 'UserAssigned') {
    const identity = world.resources.get(userAssignedId(cluster) ?? '');
    return textAt(identity, 'properties', 'principalId');
  }
  return textAt(cluster.$truth, 'servicePrincipalObjectId');
}

export function isStopped(cluster: Cluster): boolean {
  return at(cluster, 'properties', 'powerState', 'code') === 'Stopped';
}

/** The reason of a failure as clusters and pools show it. */
export function provisioningError(error: JsonObject): Json {
  return { provisioningError: { code: error['code'], message: error['message'], target: '' } };
}
