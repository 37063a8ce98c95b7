import type { Invocation, Invoke } from './invocation/invoke';
import { parseLenient } from './newtonsoft/lenient-json';
import { isObject } from './json';
import { type AppFunction, isTriggeredBy } from './loading/function-metadata';
import { unsupportedBindings, unsupportedText } from './loading/unsupported-bindings';
import type { HostLog } from './log';
import { toInvocation } from './triggers/event-grid';
import type { Timer } from './triggers/timers';
import { toTimerInvocation } from './triggers/timers';
import type { TimerMonitor } from './triggers/timer-monitor';
import { toTimerPayload } from './triggers/timer-payload';

export interface AdminRunner {
  readonly timers: readonly Timer[];
  readonly monitor: TimerMonitor;
  readonly invoke: Invoke;
  readonly complete: (invocation: Invocation) => Invocation;
  readonly log: HostLog;
}

/**
 * Runs a function on an administrator's request, with a text as its trigger data. What cannot be made
 * from a text is not run: HTTP requests, and the calls of an orchestration.
 */
export function runOnRequest(runner: AdminRunner, target: AppFunction, input: string): void {
  const invocation = toRequested(runner, target, input);
  if (!invocation) {
    runner.log.write('warning', 'Not run on request: this text is no data for its trigger.', {
      function: target.name,
    });
    return;
  }
  const [missing] = unsupportedBindings(target).filter((type) => type !== target.trigger.type);
  if (missing !== undefined) {
    runner.log.write('warning', `Not run on request: ${unsupportedText([missing])}`, {
      function: target.name,
    });
    return;
  }
  runner.invoke(runner.complete(invocation)).catch((error: unknown) => {
    runner.log.write('error', `A run on request failed: ${String(error)}`, {
      function: target.name,
    });
  });
}

function toRequested(
  runner: AdminRunner,
  target: AppFunction,
  input: string,
): Invocation | undefined {
  if (isTriggeredBy(target, 'timerTrigger')) return toRequestedTimer(runner, target);
  if (isTriggeredBy(target, 'eventGridTrigger')) return toRequestedEvent(target, input);
  if (/^(?:http|orchestration|activity|entity)Trigger$/i.test(target.trigger.type))
    return undefined;
  return { function: target, inputData: [{ name: target.trigger.name, data: { string: input } }] };
}

/** A timer gets a payload of its own, whatever the text is. */
function toRequestedTimer(
  { timers, monitor }: AdminRunner,
  target: AppFunction,
): Invocation | undefined {
  const timer = timers.find((each) => each.function === target);
  if (!timer) return undefined;
  const status = timer.monitored ? monitor.get(target.name) : undefined;
  return toTimerInvocation(target, toTimerPayload(timer.schedule, status, false));
}

/** Here the metadata also holds the whole event under the name of the binding. */
function toRequestedEvent(target: AppFunction, input: string): Invocation | undefined {
  const parsed = parseLenient(input);
  if (!('value' in parsed) || !isObject(parsed.value)) return undefined;
  const invocation = toInvocation(target, parsed.value);
  return {
    ...invocation,
    triggerMetadata: { ...invocation.triggerMetadata, [target.trigger.name]: { string: input } },
  };
}
