import type { JsonObject } from '../json';
import type { EventFilter } from './event-filter';
import type { GridEvent } from './grid-event';

export type DeliverySchema = 'EventGridSchema' | 'CloudEventSchemaV1_0';

/** Where the events of a topic go. */
export interface EventSubscription {
  readonly id: string;
  readonly name: string;
  /** Events wait while the endpoint has not yet proved that it wants them. */
  readonly state: 'validating' | 'active';
  /** Holds the key of the receiver: never to be shown. Undefined for what `keeps` its events. */
  readonly endpointUrl: string | undefined;
  /** Where events are put instead of being sent: a queue, a hub. */
  readonly keeps?: Place;
  /** Functions: Event Grid knows them as Azure resources and repeats more of their refusals. */
  readonly isAzureResource?: boolean;
  readonly schema: DeliverySchema;
  readonly filter: EventFilter;
  readonly maxDeliveryAttempts: number;
  readonly timeToLiveMs: number;
  /** Absent: events come one by one, not as a batch. */
  readonly batch?: BatchLimits;
  readonly attributes?: readonly DeliveryAttribute[];
  /** The container that takes what cannot be delivered; without one it is dropped. */
  readonly deadLetter?: Place;
}

/** Something in Azure that keeps events until somebody reads them. */
export interface Place extends JsonObject {
  readonly endpointType: string;
  readonly resourceId: string;
  /** Queue or container in the resource; empty when it is the resource itself. */
  readonly name: string;
}

export interface BatchLimits {
  readonly maxEvents: number;
  /** Exceeded only by an event that is larger by itself. */
  readonly preferredBytes: number;
}

/** A header of each delivery: a fixed value, or the member of the event at `sourceField`. */
export type DeliveryAttribute =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly sourceField: string };

/** The subscriptions that exist at the moment of asking. */
export interface SubscriptionSource {
  /** Subscriptions of the event's topic that take events, in the order of their creation. */
  of(event: GridEvent): readonly EventSubscription[];
  get(id: string): EventSubscription | undefined;
}
