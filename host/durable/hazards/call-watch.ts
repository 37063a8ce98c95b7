import type { Action } from '../orchestrations/actions';
import { ActionType } from '../orchestrations/actions';
import type { Hazard } from './hazard';
import { callHazard } from './scheduling';

type CallState = 'open' | 'ok' | 'failed';

/** As many hazards as are worth telling: a loop repeats the same one. */
const enoughHazards = 20;

/** Where an action is invoked. */
export interface Invocation {
  /** What the orchestrator yielded it in. */
  readonly within: Action;
  /** The orchestration's clock. */
  readonly now: number;
  /** Whether it has taken further numbers since it was first invoked. */
  readonly isMultiStep: boolean;
}

/** Watches how the calls of an orchestrator stand, for those that Azure makes twice. */
export class CallWatch {
  readonly hazards: Hazard[] = [];
  private readonly states = new Map<Action, CallState>();
  private reusedDeadline: Hazard | undefined;

  begin(action: Action, invocation: Invocation): void {
    const before = this.states.get(action);
    if (this.hazards.length < enoughHazards) this.look(action, before, invocation);
    if (before !== undefined) return;
    this.states.set(action, 'open');
    if (this.reusedDeadline === undefined || !takesNumber(action)) return;
    this.hazards.push(this.reusedDeadline);
    this.reusedDeadline = undefined;
  }

  end(action: Action, ok: boolean): void {
    this.states.set(action, ok ? 'ok' : 'failed');
  }

  isOpen(action: Action): boolean {
    return this.states.get(action) === 'open';
  }

  hasFailed(action: Action): boolean {
    return this.states.get(action) === 'failed';
  }

  /** Timers that have neither fired nor been cancelled. */
  openTimers(): Action[] {
    return [...this.states].flatMap(([action, state]) =>
      state === 'open' && action.actionType === ActionType.CreateTimer ? [action] : [],
    );
  }

  private look(action: Action, before: CallState | undefined, invocation: Invocation): void {
    const hazard = callHazard(action, { before, ...invocation });
    if (hazard === undefined) return;
    if (before !== undefined && this.isDeadlineOfEvents(action, invocation)) {
      this.reusedDeadline ??= hazard;
    } else this.hazards.push(hazard);
  }

  /**
   * A timer that is raced again against nothing but events. Azure makes another timer of it, which
   * does no harm unless something comes later that takes a number.
   */
  private isDeadlineOfEvents(timer: Action, { within, isMultiStep }: Invocation): boolean {
    return (
      timer.actionType === ActionType.CreateTimer &&
      (this.isOpen(timer) || timer.isCanceled === true) &&
      !isMultiStep &&
      leaves(within).every((other) => other === timer || !takesNumber(other))
    );
  }
}

const withoutNumber: readonly number[] = [
  ActionType.WaitForExternalEvent,
  ActionType.WhenAny,
  ActionType.WhenAll,
];

function takesNumber({ actionType }: Action): boolean {
  return !withoutNumber.includes(actionType);
}

/** The calls that an action consists of. */
export function leaves(action: Action): readonly Action[] {
  return action.compoundActions?.flatMap(leaves) ?? [action];
}
