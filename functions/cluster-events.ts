import type { InvocationContext } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { readEvent } from '../domain/cluster-event';
import type { ClusterEvent } from '../domain/cluster-event';
import { clusterKey } from '../domain/ids';
import { jsonLog } from '../domain/log';
import { startEver } from './instances';
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
  const log = jsonLog(context);
  const reading = readEvent(element, services.subscriptions);
  if (reading.kind !== 'accepted') {
    log.warn(`clusterEvent.${reading.kind}`, { reason: reading.reason });
    return;
  }
  const { event } = reading;
  const { key, type, clusterId } = event;
  const ledger = await entryFor(event, services);
  if (ledger.state === 'started') {
    log.info('clusterEvent.duplicate', { key, type, clusterId });
    return;
  }
  const { instanceId, afterRun } = ledger;
  const input = { clusterId, policy: services.policy, cause: `event ${key}`, afterRun };
  const started = await startEver(client, { orchestration: 'evaluateCluster', instanceId, input });
  await services.records.put('event', key, { ...ledger, state: 'started' });
  log.info('clusterEvent.handled', { key, type, clusterId, instanceId, started });
}

/** The event's line in the ledger. Written before the start, so that a crash in between loses nothing. */
async function entryFor(event: ClusterEvent, { records }: Services) {
  const known = (await records.get('event', event.key))?.value;
  if (known) return known;
  const afterRun = await runThatCausedIt(event, records);
  const entry = {
    type: event.type,
    clusterId: event.clusterId,
    // All events that one run brings about lead to one evaluation, at its end.
    instanceId: afterRun === '' ? `evaluate-${event.key.slice(0, 32)}` : `evaluate-${afterRun}`,
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
