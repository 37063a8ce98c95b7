import type { JsonObject } from '../json';
import type { Delivery } from './delivery';
import { attributeHeaders } from './delivery-attributes';
import type { DeliverySchema, EventSubscription } from './event-subscription';
import type { GridEvent } from './grid-event';

/** A request to a receiver. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const metadataVersion = '1';

/** One request for events of one subscription, in its schema. They are as many attempts old as the first of them. */
export function notification(
  deliveries: readonly Delivery[],
  subscription: EventSubscription,
): Message {
  const { name, schema, batch, attributes = [] } = subscription;
  const [first] = deliveries;
  const common = {
    'aeg-event-type': 'Notification',
    'aeg-subscription-name': name.toUpperCase(),
    'aeg-delivery-count': String(first?.attempts ?? 0),
    ...(first && attributeHeaders(attributes, first.event)),
  };
  const isCloud = schema === 'CloudEventSchemaV1_0';
  const events = deliveries.map(({ event }) => inSchema(event, schema));
  if (isCloud) {
    const kind = batch === undefined ? 'cloudevents' : 'cloudevents-batch';
    const headers = { ...common, 'content-type': `application/${kind}+json; charset=utf-8` };
    return { headers, body: JSON.stringify(batch === undefined ? events[0] : events) };
  }
  return {
    headers: {
      ...common,
      'content-type': 'application/json; charset=utf-8',
      'aeg-data-version': first === undefined ? '' : versionOf(first.event),
      'aeg-metadata-version': metadataVersion,
    },
    body: JSON.stringify(events),
  };
}

export function inSchema(event: GridEvent, schema: DeliverySchema): JsonObject {
  return schema === 'CloudEventSchemaV1_0' ? toCloudEvent(event) : toEventGridEvent(event);
}

/** Event Grid's own schema. */
export function toEventGridEvent(event: GridEvent): JsonObject {
  const { id, topic, subject, type, time, data } = event;
  return {
    id,
    topic,
    subject,
    eventType: type,
    eventTime: azureTime(time),
    data,
    dataVersion: versionOf(event),
    metadataVersion,
  };
}

/** CloudEvents 1.0, structured. */
function toCloudEvent(event: GridEvent): JsonObject {
  const { id, topic: source, subject, type, time, data, extensions } = event;
  const required = { specversion: '1.0', id, source, subject, type, time: azureTime(time) };
  return { ...required, data, ...extensions };
}

/** Seven digits, as Azure writes times. */
export function azureTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '0000Z');
}

/** Events of the resource manager are in the second version of their data. */
function versionOf({ type, dataVersion }: GridEvent): string {
  return dataVersion ?? (type.startsWith('Microsoft.Resources.') ? '2' : '1');
}
