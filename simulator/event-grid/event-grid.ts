import type { Clock } from '../clock';
import type { DeadLetterReason, Delivery, DeliveryOutcome, DeliveryStore } from './delivery';
import { notification } from './envelope';
import { matches } from './event-filter';
import type { EventSubscription, SubscriptionSource } from './event-subscription';
import { Gate } from './gate';
import type { GridEvent, NewEvent } from './grid-event';
import { afterFailure, outcomeOf } from './retry-schedule';
import { send } from './send';

const requestsAtOnce = 32;
const validationPauseMs = 60_000;

export interface EventGridOptions {
  readonly clock: Clock;
  readonly store: DeliveryStore;
  readonly subscriptions: SubscriptionSource;
  /** Ids of events and deliveries; none repeats, not even after a restart. */
  newId(): string;
  /** Told of what should not happen: the store fails, or this code is wrong. */
  failed(error: unknown): void;
}

/** How the next `events` published events go wrong, in ways Event Grid allows itself. */
export interface Disturbance {
  readonly events: number;
  /** Deliveries of each event to each subscription. */
  readonly copies?: number;
  /** Reversed: they are held until the last of them is published, then delivered last first. */
  readonly order?: 'published' | 'reversed';
}

interface Disturbing {
  readonly copies: number;
  readonly held: Delivery[] | undefined;
  left: number;
}

/**
 * Delivers events to the subscriptions of their topics: at least once, in no promised order, repeated by Event
 * Grid's schedule. A delivery is in the store until its receiver took it, so a killed process forgets none.
 */
export class EventGrid {
  private readonly options: EventGridOptions;
  private readonly gate = new Gate(requestsAtOnce);
  private readonly closing = new AbortController();
  private readonly pendingById = new Map<string, Delivery>();
  private readonly deadById = new Map<string, Delivery>();
  private readonly alarms = new Map<string, () => void>();
  private readonly underWay = new Set<Promise<void>>();
  private disturbing: Disturbing | undefined;

  constructor(options: EventGridOptions) {
    this.options = options;
  }

  /** Deliveries that are not done. */
  get pending(): readonly Delivery[] {
    return [...this.pendingById.values()];
  }

  /** Deliveries that were given up. */
  get deadLetters(): readonly Delivery[] {
    return [...this.deadById.values()];
  }

  /** Takes up what an earlier process left. */
  restore(): void {
    for (const delivery of this.options.store.load()) {
      if (delivery.deadLetterReason !== undefined) this.deadById.set(delivery.id, delivery);
      else this.arm(delivery);
    }
  }

  /** Puts the event on its way and returns at once, with the id it was given. */
  publish(event: NewEvent): GridEvent {
    const published = { ...event, id: event.id ?? this.options.newId() };
    const disturbing = this.disturbing;
    const deliveries = this.options.subscriptions
      .of(published)
      .filter(({ filter }) => matches(filter, published))
      .flatMap((subscription) =>
        Array.from({ length: disturbing?.copies ?? 1 }, () => this.create(published, subscription)),
      );
    if (disturbing?.held === undefined) for (const delivery of deliveries) this.arm(delivery);
    else disturbing.held.push(...deliveries);
    if (disturbing !== undefined) this.countDown(disturbing);
    return published;
  }

  /** Replaces the disturbance in force; what it held is delivered. */
  disturb({ events, copies = 1, order = 'published' }: Disturbance): void {
    this.release();
    if (events < 1) return;
    this.disturbing = { left: events, copies, held: order === 'reversed' ? [] : undefined };
  }

  /** Resolves when no request to a receiver is under way. Retries that are due later do not count. */
  async quiet(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Forgets every delivery. */
  clear(): void {
    this.disturbing = undefined;
    for (const cancel of this.alarms.values()) cancel();
    this.alarms.clear();
    for (const id of [...this.pendingById.keys(), ...this.deadById.keys()]) {
      this.options.store.delete(id);
    }
    this.pendingById.clear();
    this.deadById.clear();
  }

  /** Stops. What was not delivered stays in the store, also what was sent but not yet answered. */
  async close(): Promise<void> {
    this.closing.abort();
    for (const cancel of this.alarms.values()) cancel();
    this.alarms.clear();
    await this.quiet();
  }

  private create(event: GridEvent, { id: subscription }: EventSubscription): Delivery {
    const publishedAt = this.options.clock.now();
    const id = this.options.newId();
    return this.keep({ id, subscription, event, publishedAt, dueAt: publishedAt, attempts: 0 });
  }

  private keep(delivery: Delivery): Delivery {
    this.options.store.put(delivery);
    this.pendingById.set(delivery.id, delivery);
    return delivery;
  }

  private arm(delivery: Delivery): void {
    const { id, dueAt } = delivery;
    this.pendingById.set(id, delivery);
    const cancel = this.options.clock.at(dueAt, () => {
      this.alarms.delete(id);
      this.track(this.attempt(delivery));
    });
    this.alarms.set(id, cancel);
  }

  private countDown(disturbing: Disturbing): void {
    disturbing.left -= 1;
    if (disturbing.left === 0) this.release();
  }

  private release(): void {
    const held = this.disturbing?.held;
    this.disturbing = undefined;
    if (held !== undefined) this.track(this.attemptInTurn(held.reverse()));
  }

  /** One after the other: the order in which they arrive is the order asked for. */
  private async attemptInTurn(deliveries: readonly Delivery[]): Promise<void> {
    for (const delivery of deliveries) await this.attempt(delivery);
  }

  private track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        this.options.failed(error);
      })
      .finally(() => {
        this.underWay.delete(tracked);
      });
    this.underWay.add(tracked);
  }

  private async attempt(delivery: Delivery): Promise<void> {
    await this.options.store.settled();
    await this.gate.run(async () => {
      const subscription = this.options.subscriptions.get(delivery.subscription);
      if (this.isOver(delivery)) return;
      if (subscription === undefined) this.forget(delivery);
      else if (subscription.state === 'validating') this.waitForValidation(delivery, subscription);
      else await this.post(delivery, subscription);
    });
  }

  private async post(delivery: Delivery, subscription: EventSubscription): Promise<void> {
    const message = notification(delivery, subscription);
    const { status } = await send(
      { method: 'POST', url: subscription.endpointUrl, ...message },
      this.closing.signal,
    );
    if (this.isOver(delivery)) return;
    const outcome = outcomeOf(status);
    if (outcome === 'Delivered') this.forget(delivery);
    else this.repeat(delivery, { subscription, outcome });
  }

  /** Closed or cleared while it was waiting. */
  private isOver({ id }: Delivery): boolean {
    return this.closing.signal.aborted || !this.pendingById.has(id);
  }

  private forget({ id }: Delivery): void {
    this.pendingById.delete(id);
    this.options.store.delete(id);
  }

  private waitForValidation(delivery: Delivery, { timeToLiveMs }: EventSubscription): void {
    const dueAt = this.options.clock.now() + validationPauseMs;
    if (dueAt > delivery.publishedAt + timeToLiveMs) this.giveUp(delivery, 'TimeToLiveExceeded');
    else this.arm(this.keep({ ...delivery, dueAt }));
  }

  private repeat(
    delivery: Delivery,
    { subscription, outcome }: { subscription: EventSubscription; outcome: DeliveryOutcome },
  ): void {
    const now = this.options.clock.now();
    const counted = { ...delivery, attempts: delivery.attempts + 1, lastOutcome: outcome };
    const next = afterFailure(counted, subscription, { outcome, now });
    if (next.kind === 'retry') this.arm(this.keep({ ...counted, dueAt: next.at }));
    else this.giveUp(counted, next.reason);
  }

  private giveUp(delivery: Delivery, deadLetterReason: DeadLetterReason): void {
    const dead = { ...delivery, deadLetterReason };
    this.options.store.put(dead);
    this.pendingById.delete(dead.id);
    this.deadById.set(dead.id, dead);
  }
}
