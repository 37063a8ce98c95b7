import type { Delivery, Kept } from './delivery';
import { azureTime, inSchema } from './envelope';
import type { DeliverySchema, Place } from './event-subscription';

// "Event Grid message delivery and retry": dead letters are written in intervals of five minutes.
const deadLetterDelayMs = 5 * 60_000;

/** What a queue or hub holds of an event, as text. */
export function keptMessage({ event }: Delivery, schema: DeliverySchema): string {
  return JSON.stringify(inSchema(event, schema));
}

/** The blob of an event that could not be delivered: CONTAINER/SUBSCRIPTION/year/month/day/hour/id.json, unpadded. */
export function deadLetterBlob(
  delivery: Delivery,
  { name, schema, place, now }: { name: string; schema: DeliverySchema; place: Place; now: number },
): Kept {
  const at = now + deadLetterDelayMs;
  const date = new Date(at);
  const hour = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
  ].join('/');
  const path = `${place.name}/${name.toUpperCase()}/${hour}/${delivery.id}.json`;
  return { place: { ...place, name: path }, at, body: JSON.stringify([letter(delivery, schema)]) };
}

/** The event with why it is dead. In a CloudEvent the names are lower-case, as its rules for attributes demand. */
function letter(delivery: Delivery, schema: DeliverySchema): Readonly<Record<string, unknown>> {
  const { event, deadLetterReason, attempts, lastOutcome, lastAttemptAt, publishedAt } = delivery;
  const reasons = {
    deadLetterReason,
    deliveryAttempts: attempts,
    lastDeliveryOutcome: lastOutcome ?? 'NotFound',
    publishTime: azureTime(publishedAt),
    lastDeliveryAttemptTime: azureTime(lastAttemptAt ?? publishedAt),
  };
  if (schema === 'EventGridSchema') return { ...inSchema(event, schema), ...reasons };
  const lowerCase = Object.entries(reasons).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...inSchema(event, schema), ...(Object.fromEntries(lowerCase) as typeof reasons) };
}
