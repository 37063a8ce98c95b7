import type { JsonObject } from '../json';
import type { Place } from './event-subscription';
import type { GridEvent } from './grid-event';

/** One event on its way to one subscription. Plain JSON, so that it outlives the process. */
export interface Delivery extends JsonObject {
  readonly id: string;
  /** Id of the subscription. */
  readonly subscription: string;
  readonly event: GridEvent;
  /** Epoch milliseconds, like all times here. */
  readonly publishedAt: number;
  /** When the next attempt is due. */
  readonly dueAt: number;
  /** Attempts that were made. */
  readonly attempts: number;
  readonly lastOutcome?: DeliveryOutcome;
  readonly lastAttemptAt?: number;
  /** Set when no more attempts are made. */
  readonly deadLetterReason?: DeadLetterReason;
  /** Set when it ended in a place that keeps it. */
  readonly kept?: Kept;
}

export interface Kept extends JsonObject {
  readonly place: Place;
  /** When it can be read there. */
  readonly at: number;
  /** What is read there. */
  readonly body: string;
}

export type DeliveryOutcome =
  | 'Delivered'
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'TimedOut'
  | 'PayloadTooLarge'
  | 'Busy'
  | 'GenericError';

export type DeadLetterReason =
  'MaxDeliveryAttemptsExceeded' | 'TimeToLiveExceeded' | 'UndeliverableEvent';

/** Where deliveries are kept until they are done. Implemented by whoever keeps the world. */
export interface DeliveryStore {
  /** Everything that was put and not deleted, in the order it was first put. */
  load(): Iterable<Delivery>;
  put(delivery: Delivery): void;
  delete(id: string): void;
  /** Resolves when everything put before is safe: nothing is sent about a world that could be forgotten. */
  settled(): Promise<void>;
}
