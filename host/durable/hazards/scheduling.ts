import type { Action } from '../orchestrations/actions';
import { ActionType } from '../orchestrations/actions';
import type { Hazard } from './hazard';
import { failure, warning } from './hazard';

/** A history that is longer is not replayed in no time any more. */
const longHistory = 5000;

/** What is known about an action before it is invoked. */
export interface Invoked {
  /** How it stands if it has been invoked before. */
  readonly before: 'open' | 'ok' | 'failed' | undefined;
  /** The orchestration's clock. */
  readonly now: number;
  /** What the orchestrator yielded it in. */
  readonly within: Action;
}

/** What is wrong with invoking an action as it is. */
export function callHazard(action: Action, { before, now, within }: Invoked): Hazard | undefined {
  const ended = before !== 'open' && action.isCanceled !== true;
  const again = (): Hazard | undefined =>
    action.actionType === ActionType.WaitForExternalEvent
      ? eventAgainHazard(action, within, ended)
      : reuseHazard(action, ended);
  return (
    (before === undefined ? undefined : again()) ??
    retryHazard(action) ??
    shortTimerHazard(action, now)
  );
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

/** A task that is part of a second `Task.all` or `Task.any`. */
function reuseHazard(action: Action, ended: boolean): Hazard | undefined {
  if (!scheduledAgain.includes(action.actionType)) return undefined;
  return failure(
    'TaskYieldedTwice',
    ended
      ? `${taskNoun(action)} that has already ended is part of another Task.all or Task.any; Azure schedules it a second time and the wait never ends. Yield a finished task by itself.`
      : `${taskNoun(action)} is part of a second Task.all or Task.any; Azure schedules it a second time and hands results to the wrong tasks. Yield the task by itself, or make a fresh one (a new timer for every turn of a loop).`,
  );
}

/** An event that has not come may be part of several races; once it has come, it decides none of them. */
function eventAgainHazard(
  { externalEventName: name = '' }: Action,
  within: Action,
  ended: boolean,
): Hazard | undefined {
  if (!ended) return undefined;
  const task = `the wait for event '${name}' that has already ended is part of another`;
  return within.actionType === ActionType.WhenAny
    ? warning(
        'EventWaitedForAgain',
        `${task} Task.any; Azure waits for something else in it. Look whether the wait is completed first, or make a fresh one.`,
      )
    : failure(
        'EventWaitedForAgain',
        `${task} Task.all; Azure waits for it a second time and the wait never ends. Yield a finished task by itself.`,
      );
}

function taskNoun(action: Action): string {
  if (action.functionName) return `a call of '${action.functionName}'`;
  if (action.actionType === ActionType.CreateTimer) return 'a timer';
  return action.actionType === ActionType.CallHttp ? 'an HTTP call' : 'an entity call';
}

/** Azure makes no further timer once a retry timeout ran out, and cuts delays to whole seconds. */
function retryHazard({ retryOptions, functionName: name = '' }: Action): Hazard | undefined {
  if (retryOptions === undefined) return undefined;
  const { firstRetryIntervalInMilliseconds: firstMs, maxNumberOfAttempts } = retryOptions;
  if ((retryOptions.retryTimeoutInMilliseconds ?? 0) > 0) {
    return failure(
      'RetryTimeout',
      `the retries of '${name}' have a retryTimeoutInMilliseconds; when it runs out on Azure, the orchestration waits for ever. Bound maxNumberOfAttempts and the interval, or make the call in a child orchestration and race that against a timer.`,
    );
  }
  if (firstMs >= 1000 || maxNumberOfAttempts < 2) return undefined;
  return warning(
    'ShortWait',
    `'${name}' is retried after ${firstMs} ms; Azure cuts delays to whole seconds, so there is none. Use 1000 ms or more.`,
  );
}

function shortTimerHazard(action: Action, now: number): Hazard | undefined {
  if (action.actionType !== ActionType.CreateTimer || action.isCanceled === true) return undefined;
  const delayMs = new Date(action.fireAt ?? 0).getTime() - now;
  if (delayMs <= 0 || delayMs >= 1000) return undefined;
  return warning(
    'ShortWait',
    `a timer is due within a second; Azure cuts delays to whole seconds, so it fires at once. Wait for whole seconds.`,
  );
}

/**
 * A cancelled timer counts as over from the first replay on, so what comes after its `Task.any`
 * takes its number before the retries that the history holds.
 */
export function cancelledTimerHazard(): Hazard {
  return failure(
    'CancelledTimerReordersReplay',
    'a timer was cancelled after a call beside it had been retried or polled, or after its own first segment; Azure replays a cancelled timer as over from the start, finds other sequence numbers in the history and fails the orchestration as non-deterministic. Put the retried call into a child orchestration and race that against the timer.',
  );
}

/** New work while a failed `Task.all` still has members that take further sequence numbers. */
export function failedWaitHazard(): Hazard {
  return failure(
    'FailedTaskAllNotDrained',
    'after a failed Task.all the orchestrator scheduled something new while a retried call, polled HTTP call or long timer of it was still open; on Azure the new call then gets the result of another one. Return failures as values, or catch the error and yield every task once before going on.',
  );
}

/** The orchestrator is through, but not the timer that lost its race. */
export function openTimerHazard(timer: Action): Hazard {
  const until = new Date(timer.fireAt ?? 0).toISOString();
  return warning(
    'TimerNotCancelled',
    `the orchestrator has ended and its timer until ${until} is still open; Azure keeps the instance Running until then. Call cancel() on a timer that lost its race.`,
  );
}

/** Every run replays all of it. */
export function longHistoryHazards(events: number): Hazard[] {
  if (events < longHistory) return [];
  return [longHistoryHazard];
}

const longHistoryHazard = warning(
  'LongHistory',
  `the history has more than ${longHistory} entries, and every one of them is replayed at each step. Split the work among children, or use continueAsNew every so many rounds.`,
);
