import { randomBytes } from 'node:crypto';

import type { DurableClient } from 'durable-functions';

import { clusterKey, sortableId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { ClaimRecord, RunMode } from '../domain/records';
import { findInstance, isLive, startEver } from './instances';
import type { OnboardingRequest } from './onboarding-request';
import type { Services } from './services';

export interface RunIds {
  readonly fleetId: string;
  /** One for each cluster, in the order of the request. */
  readonly runIds: readonly string[];
}

export interface Means {
  readonly client: DurableClient;
  readonly services: Services;
}

// Between its claim and the start of its instance a run exists on paper only.
const startWindowMs = 30_000;

/** Ids for the runs of a request. */
export function newRunIds({ clusters }: OnboardingRequest): RunIds {
  const now = Date.now();
  return {
    fleetId: sortableId('fleet', now, randomBytes(10)),
    runIds: clusters.map(() => sortableId('run', now, randomBytes(10))),
  };
}

/** What a request is about to start, once it has its clusters to itself. */
export interface Claims {
  readonly fleetId: string;
  readonly mode: RunMode;
  /** The run of each cluster, in the order of the request: its own, or the one it joins. */
  readonly runIds: readonly string[];
  /** The runs that are the request's own. */
  readonly own: readonly { readonly runId: string; readonly clusterId: ClusterId }[];
}

/**
 * Claims the clusters of a request and stores its runs. A cluster that another run is changing gets
 * no second one. May be repeated with the same ids after a crash, while no fleet has been started.
 */
export async function claimRuns(
  { clusters, mode }: OnboardingRequest,
  { fleetId, runIds }: RunIds,
  means: Means,
): Promise<Claims> {
  const result: string[] = [];
  const own: { runId: string; clusterId: ClusterId }[] = [];
  for (const [i, { id, armId }] of clusters.entries()) {
    const runId = runIds[i] ?? '';
    const holder = mode === 'apply' ? await claimCluster(id, runId, means) : runId;
    result.push(holder);
    if (holder !== runId) continue;
    own.push({ runId, clusterId: id });
    await means.services.records.insert('run', runId, {
      id: runId,
      clusterId: id,
      armId,
      mode,
      instanceId: `${fleetId}.${runId}`,
      cause: fleetId,
      state: 'queued',
    });
  }
  return { fleetId, mode, runIds: result, own };
}

/** Starts the runs that were claimed, as one fleet, unless it has been started; one whose id is new has not. */
export async function startFleet(
  { fleetId, mode, own }: Claims,
  { client, services }: Means,
  { isNew }: { readonly isNew: boolean },
): Promise<void> {
  if (own.length === 0) return;
  const runs = await Promise.all(
    own.map(async (run) => {
      const cluster = await services.records.get('cluster', clusterKey(run.clusterId));
      return { ...run, ownFailure: cluster?.value.lastRun?.state === 'failed' };
    }),
  );
  const shared = { mode, requestedBy: 'api', policy: services.policy };
  const input = { runs, shared, done: 0, failed: 0 };
  await startEver(client, { orchestration: 'onboardFleet', instanceId: fleetId, input, isNew });
}

/** @returns the run that may change the cluster: this one, or the one that is at it. */
async function claimCluster(id: ClusterId, runId: string, means: Means): Promise<string> {
  const { records } = means.services;
  const key = clusterKey(id);
  const value = { owner: runId, until: new Date(Date.now() + startWindowMs).toISOString() };
  if (await records.insert('claim', key, value)) return runId;
  const held = await records.get('claim', key);
  if (!held) return claimCluster(id, runId, means); // let go of meanwhile
  if (held.value.owner === runId || (await isAtWork(held.value, means))) return held.value.owner;
  const taken = await records.replace('claim', key, { value, etag: held.etag });
  return taken ? runId : claimCluster(id, runId, means);
}

/** A claim counts while its run is live, or may be about to start. */
async function isAtWork({ owner, until = '' }: ClaimRecord, means: Means): Promise<boolean> {
  const { client, services } = means;
  const run = (await services.records.get('run', owner))?.value;
  if (run && run.state !== 'queued') return false;
  if (Date.parse(until) > Date.now()) return true;
  if (!run) return false;
  const instance = await findInstance(client, run.instanceId);
  if (instance) return isLive(instance);
  // Its wave has not begun: then the fleet it belongs to is live.
  return isLive(await findInstance(client, run.cause));
}
