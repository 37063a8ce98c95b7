import type { Delivery, DeliveryStore } from '../../../simulator/event-grid/delivery';
import { EventGrid } from '../../../simulator/event-grid/event-grid';
import type { EventSubscription } from '../../../simulator/event-grid/event-subscription';
import type { NewEvent } from '../../../simulator/event-grid/grid-event';
import { ManualClock } from './manual-clock';
import type { Receiver } from './receiver';

export const start = Date.UTC(2026, 10, 24, 8);
export const cluster =
  '/subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-1';

/** Keeps deliveries as JSON text, as a disk would. */
export class MemoryStore implements DeliveryStore {
  readonly records = new Map<string, string>();
  /** Ids that were given out; none repeats after a restart. */
  ids = 0;

  *load(): Iterable<Delivery> {
    for (const text of this.records.values()) yield JSON.parse(text) as Delivery;
  }

  put(delivery: Delivery): void {
    this.records.set(delivery.id, JSON.stringify(delivery));
  }

  delete(id: string): void {
    this.records.delete(id);
  }

  settled(): Promise<void> {
    return Promise.resolve();
  }
}

export interface TestGrid {
  readonly grid: EventGrid;
  readonly clock: ManualClock;
  readonly store: MemoryStore;
  readonly subscriptions: EventSubscription[];
  readonly failures: unknown[];
  /** Moves time and waits for the answers of the receivers. */
  readonly pass: (ms?: number) => Promise<void>;
}

/** An Event Grid over a store and subscriptions that may have been there before. */
export function aGrid({
  clock = new ManualClock(start),
  store = new MemoryStore(),
  subscriptions = [],
}: Partial<Pick<TestGrid, 'clock' | 'store' | 'subscriptions'>> = {}): TestGrid {
  const failures: unknown[] = [];
  const grid = new EventGrid({
    clock,
    store,
    subscriptions: {
      of: ({ topic }) => (topic === cluster ? subscriptions : []),
      get: (id) => subscriptions.find((subscription) => subscription.id === id),
    },
    newId: () => `id-${++store.ids}`,
    failed: (error) => failures.push(error),
  });
  const pass = async (ms = 0) => {
    clock.advance(ms);
    await grid.quiet();
  };
  return { grid, clock, store, subscriptions, failures, pass };
}

/** An Event Grid with one subscription, which sends to the receiver. */
export function aGridFor(
  { url: endpointUrl }: Receiver,
  overrides: Partial<EventSubscription> = {},
): TestGrid {
  return aGrid({ subscriptions: [aSubscription({ endpointUrl, ...overrides })] });
}

export function aSubscription(overrides: Partial<EventSubscription> = {}): EventSubscription {
  return {
    id: `${cluster}/providers/Microsoft.EventGrid/eventSubscriptions/steward`,
    name: 'steward',
    state: 'active',
    endpointUrl: 'http://127.0.0.1:1/nobody',
    schema: 'EventGridSchema',
    filter: {
      includedEventTypes: undefined,
      subjectBeginsWith: '',
      subjectEndsWith: '',
      isSubjectCaseSensitive: false,
      advancedFilters: [],
    },
    maxDeliveryAttempts: 30,
    timeToLiveMs: 24 * 3_600_000,
    ...overrides,
  };
}

export function anEvent(overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    type: 'Microsoft.ContainerService.NodePoolRollingStarted',
    topic: cluster,
    subject: 'aks-1',
    time: start,
    data: { nodePoolName: 'apps' },
    ...overrides,
  };
}
