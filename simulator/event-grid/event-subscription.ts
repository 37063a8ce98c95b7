import type { EventFilter } from './event-filter';
import type { GridEvent } from './grid-event';

export type DeliverySchema = 'EventGridSchema' | 'CloudEventSchemaV1_0';

/** Where the events of a topic go. */
export interface EventSubscription {
  readonly id: string;
  readonly name: string;
  /** Events wait while the endpoint has not yet proved that it wants them. */
  readonly state: 'validating' | 'active';
  /** Holds the key of the receiver: never to be shown. */
  readonly endpointUrl: string;
  readonly schema: DeliverySchema;
  readonly filter: EventFilter;
  readonly maxDeliveryAttempts: number;
  readonly timeToLiveMs: number;
}

/** The subscriptions that exist at the moment of asking. */
export interface SubscriptionSource {
  /** Subscriptions of the event's topic that take events, in the order of their creation. */
  of(event: GridEvent): readonly EventSubscription[];
  get(id: string): EventSubscription | undefined;
}
