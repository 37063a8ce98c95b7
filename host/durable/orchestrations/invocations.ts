import type { Action, Decision } from './actions';
import { ActionType, httpActivity } from './actions';
import type { HistoryEvent } from '../contract';
import { EventType } from '../history';
import { isAccepted, pollRequest, pollDelayMs } from '../activities/http-polling';
import type { Ledger } from './ledger';
import { longestTimerMs, nextFiring } from './timer-delays';
import { retriesAfter, retryDelayMs } from './retries';

/** Called when an invoked action has ended, with whether it succeeded. */
export type Done = (ok: boolean) => void;

/** What invoking an action needs; `invoke` is for the children of compound actions. */
export interface Invoking {
  readonly ledger: Ledger;
  readonly httpSleepMs: number;
  invoke(action: Action, done: Done): void;
  /** The entities that the orchestrator has locked, with the request that locked them. */
  held: { requestId: string; entityIds: readonly string[] } | undefined;
}

type Invocation = (context: Invoking, action: Action, done: Done) => void;

const failures: readonly number[] = [
  EventType.TaskFailed,
  EventType.SubOrchestrationInstanceFailed,
];
const succeeded = (event: HistoryEvent): boolean => !failures.includes(event.EventType);

const callOnce: Invocation = ({ ledger }, action, done) => {
  ledger.decide(callDecision(ledger.reserve(), action), (event) => {
    done(succeeded(event));
  });
};

function callDecision(
  id: number,
  action: Action,
): Extract<Decision, { kind: 'activity' | 'child' }> {
  const { functionName: name = '', input, instanceId, version } = action;
  const child =
    action.actionType === ActionType.CallSubOrchestrator ||
    action.actionType === ActionType.CallSubOrchestratorWithRetry;
  if (!child) return { kind: 'activity', id, name, input };
  return {
    kind: 'child',
    id,
    name,
    input,
    ...(instanceId ? { instanceId } : {}),
    ...(version === undefined ? {} : { version }),
  };
}

/** Attempts and the timers between them: numbers are taken in the order in which the SDK takes them. */
const callWithRetry: Invocation = ({ ledger }, action, done) => {
  const options = action.retryOptions ?? {
    firstRetryIntervalInMilliseconds: 1,
    maxNumberOfAttempts: 1,
  };
  const attempt = (number: number): void => {
    const call = callDecision(ledger.reserve(), action);
    ledger.decide(number === 1 ? call : { ...call, attempt: number }, (event) => {
      if (succeeded(event)) end(true);
      else wait(number);
    });
  };
  const wait = (failed: number): void => {
    if (outOfTime(ledger.now, startedAt, options.retryTimeoutInMilliseconds)) return;
    const fireAt = ledger.now + retryDelayMs(options, failed);
    const delay = { kind: 'timer', fireAt, cancelled: false, attempt: failed } as const;
    ledger.decide({ ...delay, id: ledger.reserve() }, () => {
      if (retriesAfter(options, failed)) attempt(failed + 1);
      else end(false);
    });
  };
  const end = (ok: boolean): void => {
    ledger.multiStep.delete(action);
    done(ok);
  };
  const startedAt = ledger.now;
  ledger.multiStep.add(action);
  attempt(1);
};

/** Azure makes no timer after a retry timeout, so the SDK waits for ever (strict mode refuses it). */
function outOfTime(now: number, startedAt: number, timeoutMs: number | undefined): boolean {
  return timeoutMs !== undefined && timeoutMs > 0 && now - startedAt >= timeoutMs;
}

const createTimer: Invocation = ({ ledger }, action, done) => {
  const fireAt = new Date(action.fireAt ?? 0).getTime();
  const cancelled = action.isCanceled === true;
  const long = fireAt - ledger.now > longestTimerMs;
  const wait = (): void => {
    const id = ledger.reserve();
    ledger.decide({ kind: 'timer', id, fireAt: nextFiring(fireAt, ledger.now), cancelled }, () => {
      if (long && fireAt > ledger.now) {
        wait();
        return;
      }
      ledger.multiStep.delete(action);
      done(true);
    });
    if (cancelled) ledger.cancel(id);
  };
  if (!cancelled && long) ledger.multiStep.add(action);
  wait();
  if (cancelled) done(true);
};

/**
 * An action too many is not carried out. Where Azure makes a task of it, the task has failed and nobody
 * is told: the orchestrator waits for it for ever. Elsewhere the program ends there.
 */
const counted =
  (invocation: Invocation, isTask = true): Invocation =>
  (context, action, done) => {
    if (context.ledger.takeAction()) invocation(context, action, done);
    else if (isTask) done(false);
    else context.ledger.endedByLimit = true;
  };

const waitForEvent: Invocation = ({ ledger }, action, done) => {
  ledger.awaitEvent(action.externalEventName ?? '', () => {
    done(true);
  });
};

const callEntity: Invocation = (context, action, done) => {
  const { ledger } = context;
  const id = ledger.reserve();
  const request = entityRequest(action);
  ledger.decide({ kind: 'call', id, ...request });
  ledger.awaitAnswer(id, () => {
    context.held = usedLast(context.held, request.entityId);
    done(true);
  });
};

/** Of the locked entities, those that were called are released after the others. */
function usedLast(held: Invoking['held'], used: string): Invoking['held'] {
  if (held?.entityIds.includes(used) !== true) return held;
  return { ...held, entityIds: [...held.entityIds.filter((id) => id !== used), used] };
}

const signalEntity: Invocation = ({ ledger }, action, done) => {
  ledger.decide({ kind: 'signal', id: ledger.reserve(), ...entityRequest(action) });
  done(true);
};

function entityRequest(action: Action): { entityId: string; operation: string; input: unknown } {
  const { instanceId: entityId = '', operation = '', input } = action;
  return { entityId, operation, input };
}

const lockEntities: Invocation = (context, action, done) => {
  const { lockSet = [], lockRequestId: requestId = '' } = action;
  const id = context.ledger.reserve();
  context.ledger.decide({ kind: 'lock', id, requestId, lockSet });
  context.ledger.awaitAnswer(id, () => {
    done(true);
  });
  const entityIds = lockSet.map(({ name, key }) => `@${name.toLowerCase()}@${key}`);
  context.held = { requestId, entityIds };
};

const releaseEntities: Invocation = (context, _action, done) => {
  const { held } = context;
  for (const entityId of held?.entityIds ?? []) {
    if (!context.ledger.takeAction()) {
      context.ledger.endedByLimit = true;
      return;
    }
    const id = context.ledger.reserve();
    context.ledger.decide({ kind: 'release', id, entityId, requestId: held?.requestId ?? '' });
  }
  context.held = undefined;
  done(true);
};

/**
 * A call, and polls while the answer is 202. The SDK counts the next poll together with the timer
 * before it, so its number is reserved then.
 */
const callHttp: Invocation = ({ ledger, httpSleepMs }, action, done) => {
  let request = action.httpRequest ?? { method: 'GET', uri: '' };
  const end = (ok: boolean): void => {
    ledger.multiStep.delete(action);
    done(ok);
  };
  const call = (id: number): void => {
    ledger.decide({ kind: 'activity', id, name: httpActivity, input: request }, (event) => {
      const result = event['Result'];
      if (!succeeded(event) || !isAccepted(request, result)) {
        end(succeeded(event));
        return;
      }
      if (!ledger.takeAction()) {
        end(false);
        return;
      }
      const fireAt = ledger.now + pollDelayMs(result, httpSleepMs);
      const timer: Decision = { kind: 'timer', id: ledger.reserve(), fireAt, cancelled: false };
      const poll = pollRequest(request, result);
      if (poll === undefined) {
        ledger.decide(timer, () => {
          end(true);
        });
        return;
      }
      request = poll;
      const pollId = ledger.reserve();
      ledger.decide(timer, () => {
        if (ledger.takeAction()) call(pollId);
        else end(false);
      });
    });
  };
  if (request.asynchronousPatternEnabled === true) ledger.multiStep.add(action);
  call(ledger.reserve());
};

const whenAny: Invocation = (context, action, done) => {
  let ended = false;
  for (const child of action.compoundActions ?? []) {
    context.invoke(child, (ok) => {
      if (ended) return;
      ended = true;
      done(ok);
    });
  }
};

const whenAll: Invocation = (context, action, done) => {
  const children = action.compoundActions ?? [];
  let left = children.length;
  let allOk = true;
  for (const child of children) {
    context.invoke(child, (ok) => {
      allOk &&= ok;
      left -= 1;
      if (left === 0) done(allOk);
    });
  }
};

/** How each type of action is invoked; `ContinueAsNew` ends the program instead. */
export const invocations: Readonly<Record<number, Invocation>> = {
  [ActionType.CallActivity]: counted(callOnce),
  [ActionType.CallActivityWithRetry]: counted(callWithRetry),
  [ActionType.CallSubOrchestrator]: counted(callOnce),
  [ActionType.CallSubOrchestratorWithRetry]: counted(callWithRetry),
  [ActionType.CreateTimer]: counted(createTimer),
  [ActionType.WaitForExternalEvent]: waitForEvent,
  [ActionType.CallEntity]: counted(callEntity),
  [ActionType.CallHttp]: counted(callHttp),
  [ActionType.SignalEntity]: counted(signalEntity, false),
  [ActionType.WhenAny]: whenAny,
  [ActionType.WhenAll]: whenAll,
  [ActionType.LockEntities]: counted(lockEntities),
  [ActionType.ReleaseEntities]: releaseEntities,
};
