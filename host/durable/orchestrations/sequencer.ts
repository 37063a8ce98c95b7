import type { Action, Decision } from './actions';
import { ActionType } from './actions';
import type { DurableSettings, HistoryEvent } from '../contract';
import { CallWatch, leaves } from '../hazards/call-watch';
import { EventWatch, eventCaseHazard, eventsLostHazard } from '../hazards/events';
import type { Hazard } from '../hazards/hazard';
import { cancelledTimerHazard, failedWaitHazard } from '../hazards/scheduling';
import { EventType } from '../history';
import type { Done, Invoking } from './invocations';
import { invocations } from './invocations';
import { Ledger } from './ledger';
import { mismatch } from './non-determinism';

/** Where an orchestration stands after its history, and what is new. */
export interface Sequence {
  /** What the history does not hold yet, in order. */
  readonly decisions: readonly Decision[];
  /** Timers of the history that the orchestrator has cancelled. */
  readonly cancelledTimers: readonly number[];
  readonly nextId: number;
  /** Activities, children and timers that have not ended. */
  readonly outstanding: number;
  /** Every action was invoked and has ended. */
  readonly finished: boolean;
  /** Nothing can happen any more unless the orchestrator says so. */
  readonly idle: boolean;
  readonly suspended: boolean;
  /** Names of the external events that are waited for. */
  readonly awaits: readonly string[];
  /** Set when the orchestrator continues as new; `carried` are events for the next execution. */
  readonly continuation: { readonly input: unknown; readonly carried: HistoryEvent[] } | undefined;
  readonly held: Invoking['held'];
  /** There are more actions than there may be; whether Azure fails at it or waits for ever. */
  readonly overLimit: 'fails' | 'waits' | undefined;
  /** The history cannot have come from these actions: the text that Azure shows. */
  readonly mismatch: string | undefined;
  /** Patterns in the code that go wrong on Azure. */
  readonly hazards: readonly Hazard[];
  /** Timers that have neither fired nor been cancelled. */
  openTimers(): readonly Action[];
}

/** Entries that wait while an instance is suspended. */
const heldBack: readonly number[] = [
  EventType.TaskCompleted,
  EventType.TaskFailed,
  EventType.SubOrchestrationInstanceCompleted,
  EventType.SubOrchestrationInstanceFailed,
  EventType.TimerFired,
  EventType.EventRaised,
];

const confirmations: readonly number[] = [
  EventType.TaskScheduled,
  EventType.SubOrchestrationInstanceCreated,
  EventType.TimerCreated,
  EventType.EventSent,
];

/**
 * Follows a history with the actions that the SDK returned for it, counting as the SDK counts: an
 * action is invoked when the one before it has ended. What is left over at the end is new work.
 */
export function sequence(
  history: readonly HistoryEvent[],
  actions: readonly Action[],
  settings: Pick<DurableSettings, 'httpSleepMs' | 'maxOrchestrationActions'>,
): Sequence {
  const sequencer = new Sequencer(actions, settings);
  for (const event of history) sequencer.follow(event);
  return sequencer.result();
}

class Sequencer implements Invoking {
  readonly ledger: Ledger;
  readonly httpSleepMs: number;
  held: Invoking['held'];
  private readonly actions: readonly Action[];
  private readonly lost: Hazard[] = [];
  private readonly calls = new CallWatch();
  private readonly events = new EventWatch(this.calls);
  private cursor = 0;
  private started = false;
  private blocked = false;
  private suspended = false;
  private waiting: HistoryEvent[] = [];
  private continuation: { input: unknown; carried: HistoryEvent[] } | undefined;
  private mismatch: string | undefined;

  constructor(
    actions: readonly Action[],
    settings: Pick<DurableSettings, 'httpSleepMs' | 'maxOrchestrationActions'>,
  ) {
    this.actions = actions;
    this.httpSleepMs = settings.httpSleepMs;
    this.ledger = new Ledger(settings.maxOrchestrationActions);
  }

  follow(event: HistoryEvent): void {
    const type = event.EventType;
    if (type === EventType.OrchestratorStarted) {
      this.ledger.now = Math.max(this.ledger.now, event.Timestamp.getTime());
    } else if (confirmations.includes(type)) this.confirm(event);
    else if (type === EventType.ExecutionSuspended) this.suspended = true;
    else if (type === EventType.ExecutionResumed) this.resume();
    else if (this.suspended && heldBack.includes(type)) this.waiting.push(event);
    else this.deliver(event);
  }

  invoke(action: Action, done: Done): void {
    const within = this.actions[this.cursor - 1] ?? action;
    const isMultiStep = this.ledger.multiStep.has(action);
    this.calls.begin(action, { within, now: this.ledger.now, isMultiStep });
    this.events.begin(action, within);
    invocations[action.actionType]?.(this, action, (ok) => {
      this.events.end(action, within);
      this.calls.end(action, ok);
      done(ok);
    });
  }

  result(): Sequence {
    return {
      decisions: [...this.ledger.pending.values()],
      cancelledTimers: this.ledger.cancelledTimers,
      nextId: this.ledger.nextId,
      outstanding: this.ledger.outstanding.size,
      finished: this.started && !this.blocked && this.cursor === this.actions.length,
      idle: this.started && !this.suspended && !this.ledger.expectsAnything,
      suspended: this.suspended,
      awaits: this.ledger.awaited,
      continuation: this.continuation,
      held: this.held,
      overLimit: this.overLimit(),
      mismatch: this.mismatch,
      hazards: [
        ...this.calls.hazards,
        ...this.lost,
        ...this.events.hazards,
        ...this.failedWait(),
        ...this.reordered(),
        ...this.untakenEvents(),
      ],
      openTimers: () => this.calls.openTimers(),
    };
  }

  private overLimit(): Sequence['overLimit'] {
    if (!this.ledger.overLimit) return undefined;
    return this.ledger.endedByLimit ? 'fails' : 'waits';
  }

  private resume(): void {
    this.suspended = false;
    const waiting = this.waiting;
    this.waiting = [];
    for (const event of waiting) this.deliver(event);
  }

  private deliver(event: HistoryEvent): void {
    switch (event.EventType) {
      case EventType.ExecutionStarted:
        this.started = true;
        break;
      case EventType.TimerFired:
        this.ledger.settle(event['TimerId'] as number, event);
        break;
      case EventType.EventRaised:
        this.raise(event);
        break;
      case EventType.TaskCompleted:
      case EventType.TaskFailed:
      case EventType.SubOrchestrationInstanceCompleted:
      case EventType.SubOrchestrationInstanceFailed:
        this.ledger.settle(event['TaskScheduledId'] as number, event);
        break;
      default:
        return;
    }
    this.advance();
  }

  /** Events that come after `continueAsNew` belong to the next execution. */
  private raise(event: HistoryEvent): void {
    const name = event['Name'] as string;
    if (this.continuation !== undefined && !this.ledger.isAnswer(name)) {
      this.continuation.carried.push(event);
    } else this.ledger.raise(name);
  }

  private advance(): void {
    if (!this.started) return;
    while (!this.blocked) {
      const action = this.actions[this.cursor];
      if (action === undefined) return;
      this.cursor += 1;
      if (action.actionType === ActionType.ContinueAsNew) {
        this.continuation = { input: action.input, carried: [] };
        this.loseEvents();
        continue;
      }
      this.blocked = true;
      this.invoke(action, () => {
        this.blocked = false;
      });
    }
  }

  /** The history says that a decision was made: it must be the one that was made now. */
  private confirm(event: HistoryEvent): void {
    const decision = this.ledger.pending.get(event.EventId);
    this.mismatch ??= mismatch(event, decision);
    this.ledger.pending.delete(event.EventId);
    if (event.EventType === EventType.EventSent) {
      const { id } = JSON.parse(event['Input'] as string) as { id: string };
      this.ledger.nameRequest(event.EventId, id);
    }
  }

  /** What was delivered and not taken does not come along. */
  private loseEvents(): void {
    for (const [name, count] of this.ledger.untaken) {
      if (this.events.knows(name)) this.lost.push(eventsLostHazard(name, count));
    }
  }

  private untakenEvents(): Hazard[] {
    return [...this.ledger.untaken.keys()].flatMap((name) => {
      const wanted = this.ledger.similarWait(name);
      return wanted === undefined ? [] : [eventCaseHazard(name, wanted)];
    });
  }

  /** The SDK goes on when the first of several calls fails, the host when the last has ended. */
  private failedWait(): Hazard[] {
    const current = this.blocked ? this.actions[this.cursor - 1] : undefined;
    if (current?.actionType !== ActionType.WhenAll) return [];
    if (this.cursor === this.actions.length) return [];
    const calls = leaves(current);
    const failed = calls.some((call) => this.calls.hasFailed(call));
    return failed && calls.some((call) => this.ledger.multiStep.has(call))
      ? [failedWaitHazard()]
      : [];
  }

  private reordered(): Hazard[] {
    const cancelled = this.ledger.cancelledTimers.length > 0;
    return this.mismatch !== undefined && cancelled ? [cancelledTimerHazard()] : [];
  }
}
