import type { Action, Decision } from './actions';
import type { HistoryEvent } from '../contract';

/** Called once, when the entry that ends a call is reached in the history. */
export type Settle = (event: HistoryEvent) => void;

/**
 * What is open while a history is followed: sequence numbers given out, decisions not yet found in
 * the history, calls without an end, waits for events.
 */
export class Ledger {
  /** The orchestration's clock at the entry being followed. */
  now = 0;
  /** Decisions by number that the history does not hold yet, in the order they were made. */
  readonly pending = new Map<number, Decision>();
  /** Activities, children and timers without an end: an instance does not complete before they do. */
  readonly outstanding = new Set<number>();
  readonly cancelledTimers: number[] = [];
  /** Calls that take further numbers as they go on: retries, long timers, polled HTTP calls. */
  readonly multiStep = new Set<Action>();
  /** An action was not carried out since there had been as many as there may be. */
  overLimit = false;
  /** That action was one that Azure fails at: the program goes no further. */
  endedByLimit = false;
  private next = 0;
  private actionsLeft: number;
  private readonly settles = new Map<number, Settle>();
  private readonly requests = new Map<string | number, () => void>();
  private readonly waiters = new Map<string, (() => void)[]>();
  private readonly queued = new Map<string, number>();

  constructor(maxActions: number) {
    this.actionsLeft = maxActions;
  }

  get nextId(): number {
    return this.next;
  }

  /** Whether any entry that may still come would make a difference. */
  get expectsAnything(): boolean {
    return (
      this.outstanding.size > 0 ||
      this.requests.size > 0 ||
      [...this.waiters.values()].some((waiters) => waiters.length > 0)
    );
  }

  /** Names of the events that are waited for. */
  get awaited(): string[] {
    return [...this.waiters].flatMap(([name, waiters]) => waiters.map(() => name));
  }

  /**
   * Counts an action: whatever takes a number, except what the host adds by itself (retries with their
   * timers, the further timers of a long wait). False when there have been as many as there may be.
   */
  takeAction(): boolean {
    if (this.actionsLeft === 0) this.overLimit = true;
    else this.actionsLeft -= 1;
    return !this.overLimit;
  }

  /** Gives out a number without a decision: one that the SDK has counted ahead. */
  reserve(): number {
    return this.next++;
  }

  /** Records a decision; with `settle`, the instance waits for its end. */
  decide(decision: Decision, settle?: Settle): void {
    this.pending.set(decision.id, decision);
    if (settle === undefined) return;
    this.settles.set(decision.id, settle);
    this.outstanding.add(decision.id);
  }

  /** Ends the call with this number; repeated ends are ignored, as the first one counts. */
  settle(id: number, event: HistoryEvent): void {
    const settle = this.settles.get(id);
    this.settles.delete(id);
    this.outstanding.delete(id);
    settle?.(event);
  }

  /** A cancelled timer is over at once, wherever the history is. */
  cancel(id: number): void {
    this.settles.delete(id);
    this.outstanding.delete(id);
    this.cancelledTimers.push(id);
  }

  /** Waits for the answer of an entity to the request with this number. */
  awaitAnswer(id: number, done: () => void): void {
    this.requests.set(id, done);
  }

  /** The request has been sent under this name. */
  nameRequest(id: number, requestId: string): void {
    const done = this.requests.get(id);
    if (done === undefined) return;
    this.requests.delete(id);
    this.requests.set(requestId, done);
  }

  awaitEvent(name: string, done: () => void): void {
    const queued = this.queued.get(name) ?? 0;
    if (queued > 0) {
      if (queued === 1) this.queued.delete(name);
      else this.queued.set(name, queued - 1);
      done();
      return;
    }
    const waiters = this.waiters.get(name);
    if (waiters === undefined) this.waiters.set(name, [done]);
    else waiters.push(done);
  }

  /** Events that nobody has taken, by name. */
  get untaken(): ReadonlyMap<string, number> {
    return this.queued;
  }

  /** Another name in a different letter case that is waited for. */
  similarWait(name: string): string | undefined {
    const lower = name.toLowerCase();
    const [similar] =
      [...this.waiters].find(
        ([each, waiters]) => waiters.length > 0 && each !== name && each.toLowerCase() === lower,
      ) ?? [];
    return similar;
  }

  /** Whether an entry is the answer of an entity rather than an external event. */
  isAnswer(name: string): boolean {
    return this.requests.has(name);
  }

  /** Delivers an answer or an event; the newest wait for a name gets its events. */
  raise(name: string): void {
    const answered = this.requests.get(name);
    if (answered !== undefined) {
      this.requests.delete(name);
      answered();
      return;
    }
    const waiter = this.waiters.get(name)?.pop();
    if (waiter === undefined) this.queued.set(name, (this.queued.get(name) ?? 0) + 1);
    else waiter();
  }
}
