import { at } from '../json';
import type { DeliveryAttribute } from './event-subscription';
import type { GridEvent } from './grid-event';

const longestValue = 4096;

/** The headers that a subscription adds to its deliveries. A member that is not there gives no header. */
export function attributeHeaders(
  attributes: readonly DeliveryAttribute[],
  event: GridEvent,
): Readonly<Record<string, string>> {
  const headers = attributes.flatMap((attribute) => {
    const value = 'value' in attribute ? attribute.value : textOf(event, attribute.sourceField);
    return value === undefined ? [] : [[attribute.name, headerValue(value)] as const];
  });
  return Object.fromEntries(headers);
}

function textOf(event: GridEvent, sourceField: string): string | undefined {
  const found = at(
    { ...event, eventType: event.type, source: event.topic },
    ...sourceField.split('.'),
  );
  if (found === undefined || found === null) return undefined;
  return typeof found === 'object' ? JSON.stringify(found) : String(found);
}

/** Only what HTTP can carry in a header. */
function headerValue(value: string): string {
  return value
    .toWellFormed()
    .replace(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character))
    .slice(0, longestValue);
}
