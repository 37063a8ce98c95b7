import { randomBytes } from 'node:crypto';

import type { DurableClient } from 'durable-functions';

import { clusterKey, sortableId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { ClaimRecord } from '../domain/records';
import { findInstance, isLive, startEver } from './instances';
import type { OnboardingRequest } from './onboarding-request';
import type { Services } from './services';

export interface RunIds {
  readonly fleetId: string;
  /** One for each cluster, in the order of the request. */
  readonly runIds: readonly string[];
}

interface Means {
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

/**
 * Starts the runs of a request, unless they are started. A cluster that another run is changing gets
 * no second one. May be repeated with the same ids after a crash anywhere.
 *
 * @returns the run of each cluster: its own, or the one it joins.
 */
export async function startRuns(
  { clusters, mode }: OnboardingRequest,
  { fleetId, runIds }: RunIds,
  means: Means,
): Promise<readonly string[]> {
  const { client, services } = means;
  const result: string[] = [];
  const own: { runId: string; clusterId: ClusterId; ownFailure: boolean }[] = [];
  for (const [i, { id, armId }] of clusters.entries()) {
    const runId = runIds[i] ?? '';
    const holder = mode === 'apply' ? await claimCluster(id, runId, means) : runId;
    result.push(holder);
    if (holder !== runId) continue;
    const cluster = await services.records.get('cluster', clusterKey(id));
    own.push({ runId, clusterId: id, ownFailure: cluster?.value.lastRun?.state === 'failed' });
    await services.records.insert('run', runId, {
      id: runId,
      clusterId: id,
      armId,
      mode,
      instanceId: `${fleetId}.${runId}`,
      cause: fleetId,
      state: 'queued',
    });
  }
  if (own.length > 0) {
    const shared = { mode, requestedBy: 'api', policy: services.policy };
    const input = { runs: own, shared, done: 0, failed: 0 };
    await startEver(client, { orchestration: 'onboardFleet', instanceId: fleetId, input });
  }
  return result;
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
