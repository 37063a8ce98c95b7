import type { Invocation, Invoke } from './invocation/invoke';
import { isObject, tryParse } from './json';
import { isTooDeep } from './json-depth';
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
 * Runs a function on an administrator's request, with a text as its trigger data. Durable functions
 * run for an instance only, so they are not run here.
 */
export function runOnRequest(runner: AdminRunner, target: AppFunction, input: string): void {
  if (/^(?:orchestration|activity|entity)Trigger$/i.test(target.trigger.type)) {
    runner.log.write('warning', 'Not run on request: start an orchestration that calls it.', {
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
  runner.invoke(runner.complete(toRequested(runner, target, input))).catch((error: unknown) => {
    runner.log.write('error', `A run on request failed: ${String(error)}`, {
      function: target.name,
    });
  });
}

function toRequested(runner: AdminRunner, target: AppFunction, input: string): Invocation {
  if (isTriggeredBy(target, 'timerTrigger')) return toRequestedTimer(runner, target);
  if (isTriggeredBy(target, 'eventGridTrigger')) return toRequestedEvent(target, input);
  if (isTriggeredBy(target, 'httpTrigger')) return toRequestedCall(target, input);
  return { function: target, inputData: [{ name: target.trigger.name, data: { string: input } }] };
}

/** A timer gets a payload of its own, whatever the text is. */
function toRequestedTimer({ timers, monitor }: AdminRunner, target: AppFunction): Invocation {
  const timer = timers.find((each) => each.function === target);
  const status = timer?.monitored === true ? monitor.get(target.name) : undefined;
  const isInterval = timer?.schedule.isInterval === true;
  return toTimerInvocation(target, toTimerPayload({ isInterval, status }, false));
}

/** Here the metadata also holds the whole event under the name of the binding. */
function toRequestedEvent(target: AppFunction, input: string): Invocation {
  const event = isTooDeep(input) ? undefined : tryParse(input);
  const invocation = toInvocation(target, isObject(event) ? event : {});
  return {
    ...invocation,
    triggerMetadata: { ...invocation.triggerMetadata, [target.trigger.name]: { string: input } },
  };
}

function toRequestedCall(target: AppFunction, input: string): Invocation {
  const http = {
    url: `http://localhost/${target.name}`,
    method: 'POST',
    nullableHeaders: {},
    nullableQuery: {},
    nullableParams: {},
    ...(input === '' ? {} : { body: { bytes: Buffer.from(input) } }),
  };
  return { function: target, inputData: [{ name: target.trigger.name, data: { http } }] };
}
