import type { Clock } from '../clock';
import type { DeadLetterReason, Delivery, DeliveryOutcome, DeliveryStore } from './delivery';
import { DueDeliveries } from './due-deliveries';
import { notification } from './envelope';
import { deadLetterBlob, keptMessage } from './kept-events';
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
  /** How much later than published they are first tried; not together with `reversed`. */
  readonly delaySeconds?: number;
}

interface Disturbing {
  readonly copies: number;
  readonly held: Delivery[] | undefined;
  readonly delayMs: number;
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
  private readonly doneById = new Map<string, Delivery>();
  private readonly due = new DueDeliveries();
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
    return [...this.doneById.values()].filter(
      ({ deadLetterReason }) => deadLetterReason !== undefined,
    );
  }

  /** Deliveries that ended in a queue, a hub or a container of dead letters, as far as they can be read there. */
  get kept(): readonly Delivery[] {
    const now = this.options.clock.now();
    return [...this.doneById.values()].filter(({ kept }) => kept !== undefined && kept.at <= now);
  }

  /** Takes up what an earlier process left. */
  restore(): void {
    for (const delivery of this.options.store.load()) {
      const isDone = delivery.deadLetterReason !== undefined || delivery.kept !== undefined;
      if (isDone) this.doneById.set(delivery.id, delivery);
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
  disturb({ events, copies = 1, order = 'published', delaySeconds = 0 }: Disturbance): void {
    this.release();
    if (events < 1) return;
    const held = order === 'reversed' ? [] : undefined;
    this.disturbing = { left: events, copies, held, delayMs: delaySeconds * 1000 };
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
    for (const id of [...this.pendingById.keys(), ...this.doneById.keys()]) {
      this.options.store.delete(id);
    }
    this.pendingById.clear();
    this.doneById.clear();
    this.due.clear();
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
    const dueAt = publishedAt + (this.disturbing?.delayMs ?? 0);
    return this.keep({ id, subscription, event, publishedAt, dueAt, attempts: 0 });
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
      this.due.add(delivery);
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
    for (const delivery of deliveries) this.due.add(delivery);
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
      const batch = this.due.take(delivery, subscription).filter((each) => !this.isOver(each));
      if (batch.length === 0) return;
      if (subscription === undefined) for (const each of batch) this.forget(each);
      else if (subscription.state === 'validating')
        for (const each of batch) this.waitForValidation(each, subscription);
      else await this.handOver(batch, subscription);
    });
  }

  private async handOver(
    batch: readonly Delivery[],
    subscription: EventSubscription,
  ): Promise<void> {
    const { keeps: place, endpointUrl } = subscription;
    if (place !== undefined) {
      const at = this.options.clock.now();
      const { schema } = subscription;
      for (const each of batch) {
        const counted = { ...each, attempts: each.attempts + 1 };
        this.finish({ ...counted, kept: { place, at, body: keptMessage(each, schema) } });
      }
    } else if (endpointUrl !== undefined) {
      const message = notification(batch, subscription);
      const request = { method: 'POST', url: endpointUrl, ...message } as const;
      const { status } = await send(request, this.closing.signal);
      const outcome = outcomeOf(status);
      for (const each of batch.filter((one) => !this.isOver(one))) {
        if (outcome === 'Delivered') this.forget(each);
        else this.repeat(each, { subscription, outcome });
      }
    }
  }

  /** Closed or cleared while it was waiting. */
  private isOver({ id }: Delivery): boolean {
    return this.closing.signal.aborted || !this.pendingById.has(id);
  }

  private forget({ id }: Delivery): void {
    this.pendingById.delete(id);
    this.options.store.delete(id);
  }

  private waitForValidation(delivery: Delivery, subscription: EventSubscription): void {
    const dueAt = this.options.clock.now() + validationPauseMs;
    const isTooLate = dueAt > delivery.publishedAt + subscription.timeToLiveMs;
    if (isTooLate) this.giveUp(delivery, subscription, 'TimeToLiveExceeded');
    else this.arm(this.keep({ ...delivery, dueAt }));
  }

  private repeat(
    delivery: Delivery,
    { subscription, outcome }: { subscription: EventSubscription; outcome: DeliveryOutcome },
  ): void {
    const now = this.options.clock.now();
    const last = { lastOutcome: outcome, lastAttemptAt: now };
    const counted = { ...delivery, ...last, attempts: delivery.attempts + 1 };
    const next = afterFailure(counted, subscription, { outcome, now });
    if (next.kind === 'retry') this.arm(this.keep({ ...counted, dueAt: next.at }));
    else this.giveUp(counted, subscription, next.reason);
  }

  private giveUp(
    delivery: Delivery,
    { name, schema, deadLetter }: EventSubscription,
    deadLetterReason: DeadLetterReason,
  ): void {
    const dead = { ...delivery, deadLetterReason };
    const now = this.options.clock.now();
    const blob = deadLetter && deadLetterBlob(dead, { name, schema, place: deadLetter, now });
    this.finish({ ...dead, ...(blob && { kept: blob }) });
  }

  private finish(delivery: Delivery): void {
    this.options.store.put(delivery);
    this.pendingById.delete(delivery.id);
    this.doneById.set(delivery.id, delivery);
  }
}
