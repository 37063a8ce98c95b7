import type { HttpRequest } from '@azure/functions';
import { OrchestrationRuntimeStatus } from 'durable-functions';
import type { DurableClient, DurableOrchestrationStatus } from 'durable-functions';

import { correlationOf } from '../domain/correlation';
import { armName, clusterKey } from '../domain/ids';
import { toKebabCase } from '../domain/outcome';
import type { Failure } from '../domain/outcome';
import type { Progress } from '../domain/progress';
import type { RunRecord } from '../domain/records';
import { pageBody, pageOf } from './http';
import type { Reply } from './http';
import { findInstance } from './instances';
import { Problem } from './problem';
import { progressOf, stepOf } from './run-progress';
import type { Services } from './services';

/** `GET /api/v1/runs/{id}/undo`: what was there before each change of a run, in their order. */
export async function getUndo(request: HttpRequest, { records }: Services): Promise<Reply> {
  const id = request.params['id'] ?? '';
  if (!(await records.get('run', id))) throw new Problem('not-found', `There is no run ${id}.`);
  const items = (await records.get('undo', id))?.value.entries ?? [];
  return { jsonBody: { id, items } };
}

/** `GET /api/v1/runs/{id}`: always 200; `state` tells whether it has ended. */
export async function getRun(
  request: HttpRequest,
  client: DurableClient,
  { records }: Services,
): Promise<Reply> {
  const id = request.params['id'] ?? '';
  const run = (await records.get('run', id))?.value;
  if (!run) throw new Problem('not-found', `There is no run ${id}.`);
  if (run.state !== 'queued') return { jsonBody: view(run, undefined, undefined) };
  const instance = await findInstance(client, run.instanceId);
  const step = stepOf(run, instance);
  const child = step === undefined ? undefined : await findInstance(client, step);
  return { headers: { 'retry-after': '5' }, jsonBody: view(run, instance, child) };
}

/** `GET /api/v1/runs`: oldest first. */
export async function listRuns(
  request: HttpRequest,
  client: DurableClient,
  { records }: Services,
): Promise<Reply> {
  const { items, next } = await records.list('run', pageOf(request));
  const waiting = items.some(({ state }) => state === 'queued');
  const instances = waiting ? await unfinishedInstances(client) : noOne;
  const views = items.map((run) => {
    const instance = instances.get(run.instanceId);
    return view(run, instance, instances.get(stepOf(run, instance) ?? ''));
  });
  return { jsonBody: pageBody(views, next) };
}

type Instances = ReadonlyMap<string, DurableOrchestrationStatus>;

const noOne: Instances = new Map();

/** Every instance that has not ended in success: a run that broke down is still stored as queued. */
async function unfinishedInstances(client: DurableClient): Promise<Instances> {
  const { Pending, Running, Suspended, Failed, Terminated } = OrchestrationRuntimeStatus;
  const runtimeStatus = [Pending, Running, Suspended, Failed, Terminated];
  const all = await client.getStatusBy({ runtimeStatus });
  return new Map(all.map((status) => [status.instanceId, status]));
}

/** A run as people see it: what is stored, and what its instance says it is doing. */
function view(
  run: RunRecord,
  instance: DurableOrchestrationStatus | undefined,
  step: DurableOrchestrationStatus | undefined,
): object {
  const ended = run.state !== 'queued';
  return {
    id: run.id,
    mode: run.mode,
    cluster: { id: clusterKey(run.clusterId), armId: run.armId, name: armName(run.armId) },
    instanceId: run.instanceId,
    correlationId: correlationOf(run.instanceId).id,
    ...(ended ? endedView(run) : liveView(instance, step)),
  };
}

function endedView(run: RunRecord): object {
  return {
    ...idle,
    state: run.state,
    plan: planLink(run.planId),
    applied: run.applied ?? 0,
    startedAt: run.startedAt ?? null,
    endedAt: run.endedAt ?? null,
    failure: run.failure ? failureView(run.failure) : null,
  };
}

function liveView(
  instance: DurableOrchestrationStatus | undefined,
  child: DurableOrchestrationStatus | undefined,
): object {
  if (!instance) return { ...idle, state: 'queued', wait: queued };
  const failure = brokenInstance(instance);
  if (failure) return { ...idle, state: 'failed', failure: failureView(failure) };
  const { planId, wait: ownWait, ...progress } = progressOf(instance) ?? starting;
  const wait = progressOf(child)?.wait ?? ownWait ?? null;
  return {
    ...idle,
    state: wait ? 'waiting' : 'running',
    plan: planLink(planId),
    progress,
    wait,
    applied: progress.done,
    startedAt: instance.createdTime,
  };
}

const starting: Progress = { step: 'start', done: 0, total: 1 };

const idle = {
  plan: null,
  progress: null,
  wait: null,
  applied: 0,
  startedAt: null,
  endedAt: null,
  failure: null,
};

function planLink(id: string | undefined): object | null {
  return id === undefined ? null : { id, location: `/api/v1/plans/${id}` };
}

const queued = { reason: 'concurrency', text: 'Other clusters are changed first' };

/** An instance that ended without a word: terminated by somebody, or a bug. */
function brokenInstance(instance: DurableOrchestrationStatus): Failure | undefined {
  const ended = [OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];
  if (!ended.includes(instance.runtimeStatus)) return undefined;
  return {
    code: 'Internal',
    message: `The run ended as ${instance.runtimeStatus} before it could say why.`,
    next: 'Onboard the cluster again; the new run begins with what it finds.',
  };
}

function failureView({ code, message, next, target }: Failure): object {
  return { code: toKebabCase(code), message, next: next ?? null, target: target ?? null };
}
