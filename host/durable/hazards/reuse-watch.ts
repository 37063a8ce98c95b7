import type { Action } from '../actions';
import { ActionType } from '../actions';
import type { Hazard } from './hazard';
import { failure, warning } from './hazard';

/** How an action stood when it was invoked before. */
export type Standing = 'open' | 'ok' | 'failed';

/** An action that is invoked again. */
export interface Again {
  readonly before: Standing;
  /** What the orchestrator yielded it in. */
  readonly within: Action;
  /** Whether an open call takes further numbers as it goes on. */
  readonly isCounting: boolean;
}

/** Watches for tasks that are part of a second `Task.all` or `Task.any`. */
export class ReuseWatch {
  readonly hazards: Hazard[] = [];
  /** Does no harm unless something comes later that takes a number. */
  private harmless: Hazard | undefined;

  first(action: Action): void {
    if (this.harmless === undefined || !takesNumber(action)) return;
    this.hazards.push(this.harmless);
    this.harmless = undefined;
  }

  again(action: Action, again: Again): void {
    const hazard =
      action.actionType === ActionType.WaitForExternalEvent
        ? eventHazard(action, again)
        : taskHazard(action, again);
    if (hazard === undefined) return;
    if (isDeadlineOfEvents(action, again)) this.harmless ??= hazard;
    else this.hazards.push(hazard);
  }
}

const scheduledAgain: readonly number[] = [
  ActionType.CallActivity,
  ActionType.CallActivityWithRetry,
  ActionType.CallSubOrchestrator,
  ActionType.CallSubOrchestratorWithRetry,
  ActionType.CreateTimer,
  ActionType.CallEntity,
  ActionType.CallHttp,
];
const withoutNumber: readonly number[] = [
  ActionType.WaitForExternalEvent,
  ActionType.WhenAny,
  ActionType.WhenAll,
  ActionType.ContinueAsNew,
];

const takesNumber = ({ actionType }: Action): boolean => !withoutNumber.includes(actionType);

const hasEnded = ({ isCanceled }: Action, { before }: Again): boolean =>
  before !== 'open' && isCanceled !== true;

/** A timer raced again against nothing but events: Azure makes another timer, which nobody looks at. */
function isDeadlineOfEvents(timer: Action, again: Again): boolean {
  return (
    timer.actionType === ActionType.CreateTimer &&
    !again.isCounting &&
    !hasEnded(timer, again) &&
    leaves(again.within).every((other) => other === timer || !takesNumber(other))
  );
}

function leaves(action: Action): readonly Action[] {
  return action.compoundActions?.flatMap(leaves) ?? [action];
}

function taskHazard(action: Action, again: Again): Hazard | undefined {
  if (!scheduledAgain.includes(action.actionType)) return undefined;
  return failure(
    'TaskYieldedTwice',
    hasEnded(action, again)
      ? `${taskNoun(action)} that has already ended is part of another Task.all or Task.any; Azure schedules it a second time and the wait never ends. Yield a finished task by itself.`
      : `${taskNoun(action)} is part of a second Task.all or Task.any; Azure schedules it a second time and hands results to the wrong tasks. Yield the task by itself, or make a fresh one (a new timer for every turn of a loop).`,
  );
}

function taskNoun({ actionType, functionName: name }: Action): string {
  if (name) return `a call of '${name}'`;
  if (actionType === ActionType.CreateTimer) return 'a timer';
  return actionType === ActionType.CallHttp ? 'an HTTP call' : 'an entity call';
}

/** An event that has not come may be part of several races; once it has come, it decides none of them. */
function eventHazard(action: Action, again: Again): Hazard | undefined {
  if (!hasEnded(action, again)) return undefined;
  const task = `the wait for event '${action.externalEventName ?? ''}' that has already ended is part of another`;
  return again.within.actionType === ActionType.WhenAny
    ? warning(
        'EventWaitedForAgain',
        `${task} Task.any; Azure waits for something else in it. Look whether the wait is completed first, or make a fresh one.`,
      )
    : failure(
        'EventWaitedForAgain',
        `${task} Task.all; Azure waits for it a second time and the wait never ends. Yield a finished task by itself.`,
      );
}
