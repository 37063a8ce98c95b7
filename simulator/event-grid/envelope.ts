import type { Delivery } from './delivery';
import type { EventSubscription } from './event-subscription';
import type { GridEvent } from './grid-event';

/** A request to a receiver. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const metadataVersion = '1';

/** The delivery of one event in the schema of its subscription. */
export function notification(
  { event, attempts }: Delivery,
  { name, schema }: EventSubscription,
): Message {
  const common = {
    'aeg-event-type': 'Notification',
    'aeg-subscription-name': name.toUpperCase(),
    'aeg-delivery-count': String(attempts),
  };
  if (schema === 'CloudEventSchemaV1_0') {
    const headers = { ...common, 'content-type': 'application/cloudevents+json; charset=utf-8' };
    return { headers, body: JSON.stringify(toCloudEvent(event)) };
  }
  return {
    headers: {
      ...common,
      'content-type': 'application/json; charset=utf-8',
      'aeg-data-version': dataVersion(event.type),
      'aeg-metadata-version': metadataVersion,
    },
    body: JSON.stringify([toEventGridEvent(event)]),
  };
}

/** Event Grid's own schema. */
export function toEventGridEvent(event: GridEvent): Readonly<Record<string, unknown>> {
  const { id, topic, subject, type, time, data } = event;
  return {
    id,
    topic,
    subject,
    eventType: type,
    eventTime: azureTime(time),
    data,
    dataVersion: dataVersion(type),
    metadataVersion,
  };
}

/** CloudEvents 1.0, structured. */
function toCloudEvent(event: GridEvent): Readonly<Record<string, unknown>> {
  const { id, topic, subject, type, time, data } = event;
  return { specversion: '1.0', id, source: topic, subject, type, time: azureTime(time), data };
}

/** Seven digits, as Azure writes times. */
function azureTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '0000Z');
}

/** Events of the resource manager are in the second version of their data. */
function dataVersion(type: string): string {
  return type.startsWith('Microsoft.Resources.') ? '2' : '1';
}
