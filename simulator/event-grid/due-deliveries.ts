import type { Delivery } from './delivery';
import { inSchema } from './envelope';
import type { DeliverySchema, EventSubscription } from './event-subscription';

/** Deliveries whose time has come and that nobody has taken yet, by subscription. */
export class DueDeliveries {
  private readonly bySubscription = new Map<string, Set<Delivery>>();

  add(delivery: Delivery): void {
    const waiting = this.bySubscription.get(delivery.subscription) ?? new Set();
    this.bySubscription.set(delivery.subscription, waiting.add(delivery));
  }

  clear(): void {
    this.bySubscription.clear();
  }

  /**
   * The delivery and, where its subscription takes batches, those that may go with it: as often tried, within the
   * limits. Empty when it went with another one already. Each is taken once.
   */
  take(first: Delivery, subscription: EventSubscription | undefined): readonly Delivery[] {
    const waiting = this.bySubscription.get(first.subscription);
    if (waiting?.delete(first) !== true) return [];
    const batch = [first, ...company(first, waiting, subscription)];
    for (const taken of batch) waiting.delete(taken);
    if (waiting.size === 0) this.bySubscription.delete(first.subscription);
    return batch;
  }
}

function company(
  first: Delivery,
  waiting: Iterable<Delivery>,
  subscription: EventSubscription | undefined,
): readonly Delivery[] {
  if (subscription?.batch === undefined) return [];
  const { batch, schema } = subscription;
  const found: Delivery[] = [];
  let bytes = sizeIn(schema, first);
  for (const other of waiting) {
    if (other.attempts !== first.attempts) continue;
    bytes += sizeIn(schema, other);
    if (found.length + 1 >= batch.maxEvents || bytes > batch.preferredBytes) break;
    found.push(other);
  }
  return found;
}

function sizeIn(schema: DeliverySchema, { event }: Delivery): number {
  return Buffer.byteLength(JSON.stringify(inSchema(event, schema)));
}
