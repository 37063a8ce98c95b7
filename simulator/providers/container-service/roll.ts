import { objectAt, textAt } from '../../json';
import type { Json } from '../../json';
import type { OperationError } from '../../operation-store';
import type { World } from '../../world';
import { locationOf, nameOf, poolTruth } from './cluster';
import type { Cluster, Pool } from './cluster';

/** Minutes to roll all nodes of a pool, batch by batch. */
export function rollMinutes(pool: Pool, { behaviour }: World): number {
  const { base, perBatch } = behaviour.poolRollMinutes;
  return base + Math.ceil(countOf(pool) / batchSize(pool)) * perBatch;
}

/** Why a roll of this pool will fail; undefined when it will not. */
export function cannotRoll(cluster: Cluster, pool: Pool, world: World): OperationError | undefined {
  return overQuota(cluster, pool, world) ?? blockedDrain(cluster, pool);
}

/** Surge nodes count against the cores left in the region; the limit stands in the truth of the subscription. */
function overQuota(cluster: Cluster, pool: Pool, world: World): OperationError | undefined {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(cluster.id)?.[0] ?? '';
  const region = locationOf(cluster);
  const left = objectAt(world.resources.get(subscription)?.$truth, 'coresLeft')[region];
  const needed = surge(pool) * coresOf(textAt(pool, 'vmSize') ?? '');
  if (typeof left !== 'number' || needed <= left) return undefined;
  return {
    code: 'QuotaExceeded',
    message: `Operation could not be completed as it results in exceeding approved Total Regional Cores quota. Location: ${region}, additional cores required: ${needed}, cores left: ${left}. Agent pool: ${nameOf(pool)}.`,
  };
}

function blockedDrain(cluster: Cluster, pool: Pool): OperationError | undefined {
  const budget = poolTruth(cluster, nameOf(pool)).drainBlockedBy;
  if (budget === undefined) return undefined;
  return {
    code: 'UpgradeFailed',
    message: `Drain node aks-${nameOf(pool)}-vmss000000 failed when evicting a pod. Eviction blocked by Too Many Requests: the pod is covered by the disruption budget ${budget}. See https://aka.ms/aks/debugdrainfailures`,
  };
}

export function batchSize(pool: Pool): number {
  return Math.max(surge(pool), nodesOf(pool, 'maxUnavailable') ?? 0, 1);
}

export function surge(pool: Pool): number {
  return nodesOf(pool, 'maxSurge') ?? Math.max(1, Math.ceil(countOf(pool) * 0.1));
}

/** A setting that is a number of nodes or a percentage of the pool, which rounds up. */
function nodesOf(pool: Pool, setting: string): number | undefined {
  const value: Json | undefined = objectAt(pool, 'upgradeSettings')[setting];
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const amount = Number.parseFloat(String(value));
  if (Number.isNaN(amount)) return undefined;
  const nodes = String(value).endsWith('%') ? Math.ceil((countOf(pool) * amount) / 100) : amount;
  return Math.min(nodes, countOf(pool));
}

export function countOf(pool: Pool): number {
  const count = pool['count'];
  return typeof count === 'number' ? count : 1;
}

/** Virtual machine sizes carry their number of cores in the name: Standard_D4ds_v5 has four. */
function coresOf(vmSize: string): number {
  return Number(/^[A-Za-z]+_[A-Z]+(\d+)/.exec(vmSize)?.[1] ?? 2);
}
