import type { Action } from './actions';
import { ActionType } from './actions';

/** A pattern in an orchestrator that does not do on Azure what it looks like. */
export interface Hazard {
  readonly code: string;
  /** What Azure does, and what to write instead. */
  readonly message: string;
}

const hazard = (code: string, message: string): Hazard => ({
  code,
  message: `${code}: ${message}`,
});

const scheduledAgain: readonly number[] = [
  ActionType.CallActivity,
  ActionType.CallActivityWithRetry,
  ActionType.CallSubOrchestrator,
  ActionType.CallSubOrchestratorWithRetry,
  ActionType.CreateTimer,
  ActionType.CallEntity,
  ActionType.CallHttp,
];

/** A task that is part of a second `Task.all` or `Task.any`. */
export function reuseHazard(action: Action, ended: boolean): Hazard | undefined {
  if (!scheduledAgain.includes(action.actionType)) return undefined;
  const what = action.functionName ? `a call of '${action.functionName}'` : taskNoun(action);
  return hazard(
    'TaskYieldedTwice',
    ended
      ? `${what} that has already ended is part of another Task.all or Task.any; Azure schedules it a second time and the wait never ends. Yield a finished task by itself.`
      : `${what} is part of a second Task.all or Task.any; Azure schedules it a second time and hands results to the wrong tasks. Yield the task by itself, or make a fresh one (a new timer for every turn of a loop).`,
  );
}

function taskNoun(action: Action): string {
  if (action.actionType === ActionType.CreateTimer) return 'a timer';
  return action.actionType === ActionType.CallHttp ? 'an HTTP call' : 'an entity call';
}

/** A retry timeout: Azure makes no further timer once it ran out. */
export function timeoutHazard(action: Action): Hazard | undefined {
  if ((action.retryOptions?.retryTimeoutInMilliseconds ?? 0) <= 0) return undefined;
  return hazard(
    'RetryTimeout',
    `the retries of '${action.functionName ?? ''}' have a retryTimeoutInMilliseconds; when it runs out on Azure, the orchestration waits for ever. Bound maxNumberOfAttempts and the interval, or make the call in a child orchestration and race that against a timer.`,
  );
}

/**
 * A cancelled timer counts as over from the first replay on, so what comes after its `Task.any`
 * takes its number before the retries that the history holds.
 */
export function cancelledTimerHazard(): Hazard {
  return hazard(
    'CancelledTimerReordersReplay',
    'a timer was cancelled after a call beside it had been retried or polled, or after its own first segment; Azure replays a cancelled timer as over from the start, finds other sequence numbers in the history and fails the orchestration as non-deterministic. Put the retried call into a child orchestration and race that against the timer.',
  );
}

/** New work while a failed `Task.all` still has members that take further sequence numbers. */
export function failedWaitHazard(): Hazard {
  return hazard(
    'FailedTaskAllNotDrained',
    'after a failed Task.all the orchestrator scheduled something new while a retried call, polled HTTP call or long timer of it was still open; on Azure the new call then gets the result of another one. Return failures as values, or catch the error and yield every task once before going on.',
  );
}

/** A function that nobody registered: Azure schedules nothing, and the orchestration never ends. */
export function unknownFunctionHazard(
  kind: 'activity' | 'orchestrator' | 'entity',
  name: string,
): Hazard {
  return hazard(
    'UnknownFunction',
    `no ${kind} function '${name}' is registered; on Azure the orchestration waits for it for ever. Register it, or correct the name.`,
  );
}

/** `throw undefined`: the SDK reports neither a result nor an error. */
export function threwNothingHazard(): Hazard {
  return hazard(
    'ThrewUndefined',
    'the orchestrator threw undefined; on Azure it then stays Running for ever. Throw an Error.',
  );
}

/** What Azure says of an orchestrator that does more than it may. */
export function actionLimitText(limit: number): string {
  return `Maximum amount of orchestration actions (${limit}) has been reached. This value can be configured in host.json file as MaxOrchestrationActions.`;
}

/** Azure does not carry out a call beyond the limit, and tells nobody. */
export function actionLimitHazard(limit: number): Hazard {
  return hazard(
    'TooManyActions',
    `${actionLimitText(limit)} On Azure the orchestration then waits for ever. Spread the work over child orchestrations, or go on with continueAsNew.`,
  );
}
