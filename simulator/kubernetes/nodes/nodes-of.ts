import { objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Operation } from '../../operation-store';
import {
  isStopped,
  nameOf,
  poolId,
  poolTruth,
  poolsOf,
} from '../../providers/container-service/cluster';
import type { Cluster, Pool } from '../../providers/container-service/cluster';
import { kubeletClientId } from '../../providers/container-service/kubelet-identity';
import { scaleSetOf } from '../../providers/container-service/reimage';
import { batchSize, countOf, surge } from '../../providers/container-service/roll';
import type { World } from '../../world';
import { nodeTruths } from './node-truth';
import type { NodeTruth } from './node-truth';
import { rollProgress } from './roll-progress';
import type { Progress, RollShape } from './roll-progress';

/** A node as it is at this moment, whatever ARM says about its pool. */
export interface NodeState {
  readonly name: string;
  readonly pool: Pool;
  /** Number of its virtual machine in the scale set. */
  readonly index: number;
  readonly scaleSet: string;
  readonly image: string;
  readonly kubeletClientId: string;
  /** Epoch milliseconds. */
  readonly imagedAt: number;
  readonly bootedAt: number;
  readonly registeredAt: number;
  readonly ready: boolean;
  /** Only here while a roll runs. */
  readonly surge: boolean;
  /** Cordoned by a roll, not by a client. */
  readonly cordoned: boolean;
  readonly written: JsonObject;
}

/** All nodes of a cluster: those of its pools and the surge nodes of rolls that run. */
export function nodesOf(cluster: Cluster, world: World): readonly NodeState[] {
  if (isStopped(cluster)) return [];
  return poolsOf(cluster).flatMap((pool) => nodesOfPool({ cluster, pool }, world));
}

export interface NodesQuery {
  readonly cluster: Cluster;
  readonly pool: Pool;
  /** The roll that is just ending; absent: the one that runs, if any. */
  readonly operation?: Operation;
}

export function nodesOfPool(query: NodesQuery, world: World): readonly NodeState[] {
  if (textAt(query.pool, 'powerState', 'code') === 'Stopped') return [];
  const context = contextOf(query, world);
  const own = Array.from({ length: context.count }, (_, index) => node(context, index));
  const extra = Array.from({ length: context.roll?.progress.surgeNodes ?? 0 }, (_, index) =>
    surgeNode(context, context.count + index),
  );
  return [...own, ...extra];
}

interface Context {
  readonly pool: Pool;
  readonly count: number;
  readonly scaleSet: string;
  readonly truths: Readonly<Record<string, NodeTruth>>;
  readonly base: { image: string; kubeletClientId: string; imagedAt: (index: number) => number };
  readonly roll: { progress: Progress; image: string; kubeletClientId: string } | undefined;
  readonly settings: World['behaviour']['kubernetes'];
}

function contextOf(query: NodesQuery, world: World): Context {
  const { cluster, pool } = query;
  const truth = poolTruth(cluster, nameOf(pool));
  const image = textAt(pool, 'nodeImageVersion') ?? '';
  return {
    pool,
    count: countOf(pool),
    scaleSet: scaleSetOf(cluster, nameOf(pool), world),
    truths: nodeTruths(cluster, nameOf(pool)),
    base: {
      image,
      kubeletClientId: truth.kubeletClientId ?? kubeletClientId(cluster),
      imagedAt: lastRoll(query) ?? (() => truth.rolledAt ?? dateOf(image)),
    },
    roll: rollOf(query, world),
    settings: world.behaviour.kubernetes,
  };
}

/** What is kept of a roll that ended well. */
export function courseOf({ startedAt, endsAt }: Operation, pool: Pool): JsonObject {
  return { startedAt, endsAt, ...shapeOf(pool) };
}

/** When each node was imaged in the last roll that ended well; nodes added since are as old as its end. */
function lastRoll({ cluster, pool }: NodesQuery): Progress['imagedAt'] | undefined {
  const { startedAt, endsAt, nodes, batch } = objectAt(poolTruth(cluster, nameOf(pool)).lastRoll);
  if (typeof endsAt !== 'number') return undefined;
  const shape = { nodes: Number(nodes), batch: Number(batch), surge: 0 };
  const { imagedAt } = rollProgress({ startedAt: Number(startedAt), endsAt }, shape, endsAt);
  return (index) => Math.min(imagedAt(index), endsAt);
}

function shapeOf(pool: Pool): RollShape {
  return { nodes: countOf(pool), batch: batchSize(pool), surge: surge(pool) };
}

function rollOf({ cluster, pool, ...query }: NodesQuery, world: World): Context['roll'] {
  const id = poolId(cluster, nameOf(pool));
  const operation = query.operation ?? world.operations.runningOn(id);
  const image = textAt(operation?.details, 'image');
  if (operation?.kind !== 'UpgradingNodeImageVersion' || image === undefined) return undefined;
  const progress = rollProgress(operation, shapeOf(pool), world.clock.now());
  return { progress, image, kubeletClientId: kubeletClientId(cluster) };
}

function node(context: Context, index: number): NodeState {
  const { pool, scaleSet, base, truths, roll } = context;
  const name = nodeName(scaleSet, index);
  const { written, ...truth } = truths[name] ?? {};
  const imagedAt = truth.imagedAt ?? base.imagedAt(index);
  const before: NodeState = {
    name,
    pool,
    index,
    scaleSet,
    image: truth.image ?? base.image,
    kubeletClientId: truth.kubeletClientId ?? base.kubeletClientId,
    imagedAt,
    bootedAt: truth.bootedAt ?? imagedAt,
    registeredAt: truth.registeredAt ?? imagedAt,
    ready: truth.ready ?? true,
    surge: false,
    cordoned: false,
    written: written ?? {},
  };
  return roll === undefined ? before : rolling(before, roll, context.settings);
}

function rolling(
  before: NodeState,
  { progress, image, kubeletClientId: clientId }: NonNullable<Context['roll']>,
  settings: Context['settings'],
): NodeState {
  const step = progress.step(before.index);
  if (step === 'old') return before;
  if (step === 'draining') return { ...before, cordoned: true };
  if (step === 'imaging') return { ...before, cordoned: true, ready: false };
  return imagedAnew(before, { image, clientId, at: progress.imagedAt(before.index) }, settings);
}

/** A node after it was imaged: what clients wrote to it is gone when it registered anew. */
function imagedAnew(
  before: NodeState,
  { image, clientId, at }: { image: string; clientId: string; at: number },
  { reimagedNode, reimageReboots }: Context['settings'],
): NodeState {
  const isNew = reimagedNode === 'new-uid';
  return {
    ...before,
    image,
    kubeletClientId: clientId,
    imagedAt: at,
    bootedAt: reimageReboots ? at : before.bootedAt,
    registeredAt: isNew ? at : before.registeredAt,
    ready: true,
    written: isNew ? {} : { ...before.written, spec: {} },
  };
}

function surgeNode({ pool, scaleSet, base, roll, truths }: Context, index: number): NodeState {
  const name = nodeName(scaleSet, index);
  const at = roll?.progress.surgedAt ?? 0;
  return {
    name,
    pool,
    index,
    scaleSet,
    image: roll?.image ?? base.image,
    kubeletClientId: roll?.kubeletClientId ?? base.kubeletClientId,
    imagedAt: at,
    bootedAt: at,
    registeredAt: at,
    ready: true,
    surge: true,
    cordoned: false,
    written: truths[name]?.written ?? {},
  };
}

/** Virtual machines are numbered in base 36, six digits. */
function nodeName(scaleSet: string, index: number): string {
  const name = scaleSet.slice(scaleSet.lastIndexOf('/') + 1).toLowerCase();
  return `${name}${index.toString(36).padStart(6, '0')}`;
}

/** Nodes of a pool that never rolled are as old as their image. */
function dateOf(image: string): number {
  const [, year = '2026', month = '01', day = '01'] =
    /-(\d{4})(\d{2})\.(\d{2})\./.exec(image) ?? [];
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day), 6);
  return Number.isNaN(date) ? 0 : date;
}
