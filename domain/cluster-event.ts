import { createHash } from 'node:crypto';

import * as z from 'zod';

import { clusterIdParts, toClusterId } from './ids';
import type { ClusterId } from './ids';

/** An event about one cluster, whichever schema it came in. */
export interface ClusterEvent {
  /** The same for every delivery of the event, in either schema. */
  readonly key: string;
  readonly type: string;
  readonly clusterId: ClusterId;
  /** ISO 8601; empty for a CloudEvent that carries none. */
  readonly time: string;
  readonly pool?: string;
}

/** What to make of a delivered element. Only `accepted` leads to anything; none is delivered again. */
export type EventReading =
  | { readonly kind: 'accepted'; readonly event: ClusterEvent }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'quarantined'; readonly reason: string };

/** Families that may change what a cluster needs. All other types are ignored, also unknown ones. */
export const aksTypes = [
  'microsoft.containerservice.nodepoolrollingstarted',
  'microsoft.containerservice.nodepoolrollingsucceeded',
  'microsoft.containerservice.nodepoolrollingfailed',
  'microsoft.containerservice.clustersupportending',
  'microsoft.containerservice.clustersupportended',
  'microsoft.containerservice.newkubernetesversionavailable',
];
export const resourceTypes = [
  'microsoft.resources.resourcewritesuccess',
  'microsoft.resources.resourcedeletesuccess',
  'microsoft.resources.resourceactionsuccess',
];
const poolName = /^[a-z][a-z0-9]{0,11}$/;
const clusterPath =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.containerservice\/managedclusters\/[^/]+)(?:\/agentpools\/([^/]+))?/i;

const filled = z.string().min(1);
const time = filled.refine((text) => !Number.isNaN(Date.parse(text)), 'cannot be read');
const data = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch({})
  .transform((value) => value ?? {});

const EventGridEnvelope = z
  .object({
    id: filled,
    topic: filled,
    subject: z.string().default(''),
    eventType: filled,
    eventTime: time,
    data,
    metadataVersion: z.literal('1').optional(),
  })
  .transform(({ topic, eventType, eventTime, ...rest }) => ({
    ...rest,
    source: topic,
    type: eventType,
    time: eventTime,
  }));

const CloudEvent = z.object({
  specversion: z.literal('1.0'),
  id: filled,
  source: filled,
  subject: z.string().default(''),
  type: filled,
  time: time.optional(),
  data,
});

type Envelope = Omit<z.infer<typeof EventGridEnvelope>, 'metadataVersion'>;

/**
 * Reads one element of a delivery: Event Grid schema or CloudEvents 1.0. An event is a hint that
 * something may have changed, never the new state.
 *
 * @param subscriptions the subscriptions that Steward looks after, lower-cased.
 */
export function readEvent(element: unknown, subscriptions: readonly string[]): EventReading {
  const envelope = toEnvelope(element);
  if (typeof envelope === 'string') return { kind: 'quarantined', reason: envelope };
  const type = envelope.type.toLowerCase();
  if (aksTypes.includes(type)) {
    const subject = { cluster: envelope.source, pool: envelope.data['nodePoolName'] };
    return aboutCluster(envelope, subject, subscriptions);
  }
  if (!resourceTypes.includes(type)) return { kind: 'ignored', reason: `type ${envelope.type}` };
  const [, cluster, pool] = clusterPath.exec(envelope.subject) ?? [];
  if (cluster === undefined) return { kind: 'ignored', reason: 'not about a cluster' };
  return aboutCluster(envelope, { cluster, pool }, subscriptions);
}

function aboutCluster(
  envelope: Envelope,
  { cluster, pool }: { readonly cluster: string; readonly pool: unknown },
  subscriptions: readonly string[],
): EventReading {
  const clusterId = toClusterId(cluster);
  if (!clusterId) return { kind: 'quarantined', reason: 'the source is not a managed cluster' };
  if (!subscriptions.includes(clusterIdParts(clusterId).subscriptionId)) {
    return { kind: 'ignored', reason: 'the subscription is not in scope' };
  }
  if (pool !== undefined && (typeof pool !== 'string' || !poolName.test(pool))) {
    return { kind: 'quarantined', reason: 'the node pool has an impossible name' };
  }
  const event = { key: keyOf(envelope), type: envelope.type, clusterId, time: envelope.time };
  return { kind: 'accepted', event: pool === undefined ? event : { ...event, pool } };
}

/** The envelope, or what is wrong with it. */
function toEnvelope(element: unknown): Envelope | string {
  const cloud = typeof element === 'object' && element !== null && 'specversion' in element;
  const parsed = cloud ? CloudEvent.safeParse(element) : EventGridEnvelope.safeParse(element);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}`;
  }
  return { ...parsed.data, time: parsed.data.time ?? '' };
}

/** The same event through both schemas has the same key; a reused id at another time has not. */
function keyOf({ source, id, type, time }: Envelope): string {
  const canonical = source.toLowerCase().replace(/\/+$/, '');
  const at = time === '' ? '' : Math.trunc(Date.parse(time));
  const text = [canonical, id, type.toLowerCase(), at].join('\n');
  return createHash('sha256').update(text).digest('hex');
}
