import type { InvocationContext } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { onClusterEvent } from './cluster-events';
import { logOf } from './log';
import type { Services } from './services';

/** The queue that Event Grid delivers to, and the connection under which the host finds it. */
export const eventQueue = { queueName: 'steward-events', connection: 'StewardEvents' } as const;

/**
 * A message of the queue → what the event in it leads to. Event Grid writes one event into each message. A failure of our
 * own is thrown: the message comes again, after the fifth time in `steward-events-poison`.
 */
export async function onQueuedEvent(
  message: unknown,
  client: DurableClient,
  by: { readonly services: Services; readonly context: InvocationContext },
): Promise<void> {
  const events = eventsIn(message);
  if (!events) {
    logOf(by.context).warn('clusterEvent.quarantined', { reason: 'The message is no JSON.' });
    return;
  }
  for (const event of events) await onClusterEvent(event, client, by);
}

/** The host has decoded the message; it parses JSON too, and leaves everything else as text. */
function eventsIn(message: unknown): readonly unknown[] | undefined {
  const body = typeof message === 'string' ? parsed(message) : message;
  if (body === undefined) return undefined;
  return Array.isArray(body) ? (body as readonly unknown[]) : [body];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
