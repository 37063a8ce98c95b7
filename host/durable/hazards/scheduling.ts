import type { Action } from '../actions';
import { ActionType } from '../actions';
import type { Hazard } from './hazard';
import { failure, warning } from './hazard';

/** A history that is longer is not replayed in no time any more. */
const longHistory = 5000;

/** What is wrong with an action by itself. */
export function callHazard(action: Action, now: number): Hazard | undefined {
  return retryHazard(action) ?? shortTimerHazard(action, now);
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
