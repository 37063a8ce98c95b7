import { randomBytes } from 'node:crypto';

import type { DurableClient } from 'durable-functions';

import { correlationOf } from '../domain/correlation';
import { clusterKey, sortableId } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { CreationSpec } from '../domain/creation-spec';
import { wishedPolicy } from '../domain/policy';
import type { PodIdentityChange } from '../domain/pod-identity/change';
import type {
  ClaimRecord,
  IdentityWish,
  RunMode,
  StartRecord,
  WantedCluster,
} from '../domain/records';
import { findInstance, isLive, startEver } from './instances';
import type { OnboardingRequest } from './onboarding-request';
import type { Services } from './services';

export interface Means {
  readonly client: DurableClient;
  readonly services: Services;
}

// Between its claim and the start of its fleet a run exists on paper only.
const startWindowMs = 30_000;

/** What a request wants to start, under ids of its own. */
export function newStart(wanted: OnboardingRequest, requestId = ''): StartRecord {
  const now = Date.now();
  const { clusters, mode, identity } = wanted;
  return {
    fleetId: sortableId('fleet', now, randomBytes(10)),
    mode,
    clusters,
    ...(identity && { identity }),
    runIds: clusters.map(() => sortableId('run', now, randomBytes(10))),
    requestId,
  };
}

/** What is about to start, once it has its clusters to itself. */
export interface Claims {
  readonly fleetId: string;
  readonly mode: RunMode;
  /** The run of each cluster, in the order of the request: its own, or the one it joins. */
  readonly runIds: readonly string[];
  /** The runs that are the request's own. */
  readonly own: readonly OwnRun[];
  readonly identity?: IdentityWish;
  /** Run that is changing a cluster which was to be changed in a way that no other run can take along. */
  readonly refusedBy?: string;
}

interface OwnRun {
  readonly runId: string;
  readonly clusterId: ClusterId;
  readonly create?: CreationSpec;
  readonly podIdentity?: PodIdentityChange;
}

/**
 * Writes down what is to be started, claims its clusters and stores its runs. From then on the fleet
 * will be started, by {@link startFleet} or, when that does not happen, by {@link catchUp}. A cluster
 * that another run is changing gets no second one. May be repeated with the same ids after a crash,
 * as long as the request has no answer.
 */
export async function acceptStart(start: StartRecord, means: Means): Promise<Claims> {
  const { records } = means.services;
  await records.put('start', start.fleetId, start);
  const { fleetId, mode, clusters, requestId, identity } = start;
  const runIds: string[] = [];
  const own: OwnRun[] = [];
  let refusedBy: string | undefined;
  for (const [i, cluster] of clusters.entries()) {
    const { id, armId } = cluster;
    const runId = start.runIds[i] ?? '';
    const holder = mode === 'apply' ? await claimCluster(id, runId, means) : runId;
    runIds.push(holder);
    if (holder !== runId) {
      if (cluster.podIdentity) refusedBy = holder;
      continue;
    }
    own.push(ownRun(runId, cluster));
    const instanceId = `${fleetId}.${runId}`;
    const { id: correlationId } = correlationOf(instanceId);
    const cause = { cause: fleetId, correlationId };
    const run = { id: runId, clusterId: id, armId, mode, instanceId, ...cause };
    await records.insert('run', runId, { ...run, state: 'queued' });
  }
  if (refusedBy !== undefined) return { fleetId, mode, runIds, own, refusedBy };
  const request = requestId === '' ? undefined : await records.get('request', requestId);
  if (request) await records.put('request', requestId, { ...request.value, answer: runIds });
  return { fleetId, mode, runIds, own, ...(identity && { identity }) };
}

function ownRun(runId: string, { id, create, podIdentity }: WantedCluster): OwnRun {
  const clusterId = id;
  return { runId, clusterId, ...(create && { create }), ...(podIdentity && { podIdentity }) };
}

/** Forgets a request that cannot be accepted now, so that it can be made again under the same key. */
export async function withdrawStart(
  { fleetId, requestId }: StartRecord,
  { services: { records } }: Means,
): Promise<void> {
  if (requestId !== '') await records.remove('request', requestId);
  await records.remove('start', fleetId);
}

/** Starts the runs that were claimed, as one fleet, unless that has been done. */
export async function startFleet(
  { fleetId, mode, own, identity }: Claims,
  { client, services }: Means,
): Promise<void> {
  const { records, policy } = services;
  if (own.length > 0) {
    const runs = await Promise.all(
      own.map(async (run) => {
        const cluster = await records.get('cluster', clusterKey(run.clusterId));
        return { ...run, ownFailure: cluster?.value.lastRun?.state === 'failed' };
      }),
    );
    const shared = { mode, requestedBy: 'api', policy: wishedPolicy(policy, identity) };
    const input = { runs, shared, done: 0, failed: 0 };
    await startEver(client, { orchestration: 'onboardFleet', instanceId: fleetId, input });
  }
  await records.remove('start', fleetId);
}

/** Starts what was accepted and has not been started: the process ended in between, or the engine was away. */
export async function catchUp(start: StartRecord, means: Means): Promise<void> {
  const { client, services } = means;
  // Once its fleet is started a request claims nothing any more: its runs may have ended meanwhile.
  if (await findInstance(client, start.fleetId)) {
    await services.records.remove('start', start.fleetId);
  } else {
    await startFleet(await acceptStart(start, means), means);
  }
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
  // Its wave has not begun: then the fleet it belongs to is live, or will be started.
  const fleet = await findInstance(client, run.cause);
  return fleet ? isLive(fleet) : (await services.records.get('start', run.cause)) !== undefined;
}
