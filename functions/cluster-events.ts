import type { InvocationContext } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { readEvent } from '../domain/cluster-event';
import type { ClusterEvent } from '../domain/cluster-event';
import { correlationOf, traceIdOf } from '../domain/correlation';
import { clusterKey } from '../domain/ids';
import { failureOf } from '../domain/outcome';
import type { Failure } from '../domain/outcome';
import type { EventRecord } from '../domain/records';
import { countEvent } from '../telemetry/meters';
import { recordSpan } from '../telemetry/spans';
import { startEver } from './instances';
import { logOf } from './log';
import type { Services } from './services';

/**
 * Event Grid → one evaluation of the cluster, never a change. Returning acknowledges the event;
 * throwing makes Event Grid deliver it again. So: what can never be understood is logged and
 * acknowledged, and a failure of our own store or engine is thrown. An event may arrive many times,
 * also long after: the ledger knows it by its key.
 */
export async function onClusterEvent(
  element: unknown,
  client: DurableClient,
  { services, context }: { readonly services: Services; readonly context: InvocationContext },
): Promise<void> {
  const startTime = Date.now();
  const reading = readEvent(element, services.subscriptions);
  if (reading.kind !== 'accepted') {
    countEvent(reading.kind);
    logOf(context).warn(`clusterEvent.${reading.kind}`, { reason: reading.reason });
    return;
  }
  const { event } = reading;
  const ledger = await entryFor(event, services);
  const known = ledger.state === 'started';
  try {
    const started = !known && (await evaluate(event, ledger, { services, client, context }));
    if (known) logOf(context, aboutEvent(event, ledger)).info('clusterEvent.duplicate');
    countEvent(known ? 'duplicate' : 'accepted');
    recordIngest(event, ledger, { startTime, started });
  } catch (error) {
    recordIngest(event, ledger, { startTime, started: false, failure: failureOf(error) });
    throw error;
  }
}

/** @returns whether it was this receipt that started the evaluation. */
async function evaluate(
  event: ClusterEvent,
  ledger: EventRecord,
  {
    client,
    services,
    context,
  }: {
    readonly client: DurableClient;
    readonly services: Services;
    readonly context: InvocationContext;
  },
): Promise<boolean> {
  const { key, clusterId } = event;
  const { instanceId, afterRun } = ledger;
  const input = { clusterId, policy: services.policy, cause: `event ${key}`, afterRun };
  const started = await startEver(client, { orchestration: 'evaluateCluster', instanceId, input });
  await services.records.put('event', key, { ...ledger, state: 'started' });
  logOf(context, aboutEvent(event, ledger)).info('clusterEvent.handled', { instanceId, started });
  return started;
}

function aboutEvent({ key, type, clusterId }: ClusterEvent, { instanceId }: EventRecord) {
  const { id: correlationId } = correlationOf(instanceId);
  return { event: key, type, cluster: clusterId, correlationId };
}

interface Receipt {
  readonly startTime: number;
  /** It led to the evaluation; every other one is repeated, or will be. */
  readonly started: boolean;
  readonly failure?: Failure;
}

/** The receipt that starts an evaluation begins its trace; others are a part of it, and so is the echo of a run. */
function recordIngest(
  { key, type, clusterId }: ClusterEvent,
  { instanceId, afterRun }: EventRecord,
  { startTime, started, failure }: Receipt,
): void {
  const { id, causeSpanId = '' } = correlationOf(instanceId);
  const place =
    started && afterRun === '' ? { spanId: causeSpanId } : { parentSpanId: causeSpanId };
  const attributes = {
    'steward.event': key,
    'steward.kind': type,
    'steward.cluster': clusterId,
    'steward.correlation_id': id,
    'steward.event.duplicate': !started && !failure,
  };
  const span = { name: 'steward.event.ingest', attributes, startTime };
  recordSpan({ ...span, place: { traceId: traceIdOf(id), ...place } }, failure);
}

/** The event's line in the ledger. Written before the start, so that a crash in between loses nothing. */
async function entryFor(event: ClusterEvent, { records }: Services): Promise<EventRecord> {
  const known = (await records.get('event', event.key))?.value;
  if (known) return known;
  const afterRun = await runThatCausedIt(event, records);
  // All events that one run brings about lead to one evaluation, at its end.
  const instanceId = `evaluate-${afterRun === '' ? event.key.slice(0, 32) : afterRun}`;
  const entry = {
    type: event.type,
    clusterId: event.clusterId,
    instanceId,
    correlationId: correlationOf(instanceId).id,
    afterRun,
    time: event.time,
    state: 'received' as const,
  };
  await records.insert('event', event.key, entry);
  return (await records.get('event', event.key))?.value ?? entry;
}

/** The run that is changing the cluster and rolls this very pool: then the event is its echo. */
async function runThatCausedIt(
  { clusterId, pool }: ClusterEvent,
  records: Services['records'],
): Promise<string> {
  const claim = await records.get('claim', clusterKey(clusterId));
  if (!claim || pool === undefined) return '';
  const { owner } = claim.value;
  const run = await records.get('run', owner);
  const plan = await records.get('plan', owner.replace(/^run_/, 'pl_'));
  if (run?.value.state !== 'queued' || !plan) return '';
  const pools = plan.value.steps.flatMap((step) =>
    step.kind === 'rollNodeImages' ? step.pools.map(({ name }) => name) : [],
  );
  return pools.includes(pool) ? owner : '';
}
