import { EventGrid } from '../../event-grid/event-grid';
import type { SubscriptionSource } from '../../event-grid/event-subscription';
import { journalDeliveries } from '../../event-grid/journal-deliveries';
import type { Journal } from '../../journal';
import type { ResourceProvider } from '../../provider';
import type { World, WorldEvent } from '../../world';
import type { SimulatedClock } from '../../clock';
import { eventGridProvider } from '../event-grid';
import { resumeValidations } from './endpoint-validation';
import type { EndpointAccess } from './endpoint-validation';
import type { FunctionUrl } from './destination';
import { subscriptionsIn } from './subscriptions-in';

export interface EventGridServiceOptions {
  readonly journal: Journal;
  readonly clock: SimulatedClock;
  readonly functionUrl: FunctionUrl;
  readonly failed: (error: unknown) => void;
}

/** Event Grid as a world needs it: routes to describe subscriptions, and the delivery of what the world emits. */
export interface EventGridService {
  readonly provider: ResourceProvider;
  /** For the `emit` of the world. */
  readonly emit: (event: WorldEvent) => void;
  /** Once the world is restored: takes up deliveries and handshakes that an earlier process left. */
  start(world: World): EventGrid;
  /** Ends requests that are under way; deliveries that are not done stay in the journal. */
  close(): Promise<void>;
}

/** The world needs the provider, and the delivery needs the world: `start` closes the circle. */
export function eventGridService(options: EventGridServiceOptions): EventGridService {
  const { journal, clock, functionUrl, failed } = options;
  const closing = new AbortController();
  const access: EndpointAccess = { functionUrl, closing: closing.signal };
  let grid: EventGrid | undefined;
  let subscriptions: SubscriptionSource | undefined;
  return {
    provider: eventGridProvider(access, failed),
    emit: (event) => {
      // Ids are of the world's sequence: none is used up for what nobody hears.
      const hearers = subscriptions?.of({ ...event, id: '' }) ?? [];
      if (hearers.length > 0) grid?.publish(event);
    },
    start: (world) => {
      subscriptions = subscriptionsIn(world.resources, functionUrl);
      grid = new EventGrid({
        clock,
        store: journalDeliveries(journal),
        subscriptions,
        newId: () => world.guid(),
        failed,
      });
      grid.restore();
      resumeValidations(world, access).catch(failed);
      return grid;
    },
    close: async () => {
      closing.abort();
      await grid?.close();
    },
  };
}
