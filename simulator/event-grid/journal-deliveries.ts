import type { Journal } from '../journal';
import type { Delivery, DeliveryStore } from './delivery';

/** Deliveries in the journal of the world: committed together with what the events tell of. */
export function journalDeliveries(journal: Journal): DeliveryStore {
  return {
    *load() {
      for (const [, found] of journal.load('event')) yield found as Delivery;
    },
    put: (delivery) => {
      journal.put('event', delivery.id, delivery);
    },
    delete: (id) => {
      journal.put('event', id, undefined);
    },
    settled: () => journal.committed(),
  };
}
