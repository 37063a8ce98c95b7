import type { DeadLetterReason, Delivery, DeliveryOutcome } from './delivery';
import type { EventSubscription } from './event-subscription';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

// "Event Grid message delivery and retry": the schedule, what is never retried, and the least waits.
const delays = [
  10 * second,
  30 * second,
  minute,
  5 * minute,
  10 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
];
const lastDelay = 12 * hour;

const outcomes: Readonly<Record<number, DeliveryOutcome>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  408: 'TimedOut',
  413: 'PayloadTooLarge',
  503: 'Busy',
};
/** Codes after which nothing is repeated: fewer for Azure resources, whose rights may still change. */
const undeliverable = {
  webhook: ['BadRequest', 'Unauthorized', 'Forbidden', 'PayloadTooLarge'],
  azureResource: ['BadRequest', 'Forbidden', 'PayloadTooLarge'],
} as const satisfies Record<string, readonly DeliveryOutcome[]>;
const leastDelays: Partial<Readonly<Record<DeliveryOutcome, number>>> = {
  Unauthorized: 5 * minute,
  NotFound: 5 * minute,
  TimedOut: 2 * minute,
  Busy: 30 * second,
};

/** What a status means to Event Grid: 200 to 204 are success. */
export function outcomeOf(status: number): DeliveryOutcome {
  return status >= 200 && status <= 204 ? 'Delivered' : (outcomes[status] ?? 'GenericError');
}

export type NextStep =
  | { readonly kind: 'retry'; readonly at: number }
  | { readonly kind: 'dead-letter'; readonly reason: DeadLetterReason };

/** What follows a failed attempt; `delivery` already counts it. */
export function afterFailure(
  { attempts, publishedAt }: Delivery,
  { maxDeliveryAttempts, timeToLiveMs, isAzureResource = false }: EventSubscription,
  { outcome, now }: { readonly outcome: DeliveryOutcome; readonly now: number },
): NextStep {
  const final: readonly DeliveryOutcome[] =
    undeliverable[isAzureResource ? 'azureResource' : 'webhook'];
  if (final.includes(outcome)) return { kind: 'dead-letter', reason: 'UndeliverableEvent' };
  if (attempts >= maxDeliveryAttempts) {
    return { kind: 'dead-letter', reason: 'MaxDeliveryAttemptsExceeded' };
  }
  const at = now + Math.max(delays[attempts - 1] ?? lastDelay, leastDelays[outcome] ?? 0);
  return at > publishedAt + timeToLiveMs
    ? { kind: 'dead-letter', reason: 'TimeToLiveExceeded' }
    : { kind: 'retry', at };
}
