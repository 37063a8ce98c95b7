import type { DurableCall } from '../../../../host/durable/engine';
import { registrationKey, registrations } from './functions-core';

/** Runs a registered function as the worker does. */
export function invokeRegistered(call: DurableCall): unknown {
  const found = registrations.get(registrationKey(call.kind, call.functionName));
  if (found === undefined) throw new Error(`No ${call.kind} function ${call.functionName}.`);
  const trigger = call.kind === 'activity' ? workerValue(call.trigger) : call.trigger;
  const context = { triggerMetadata: { instanceId: call.instanceId }, info: quiet, warn: quiet };
  call.watch?.(context);
  return found.handler(trigger, context);
}

function quiet(): void {
  // Tests read results, not logs.
}

/** What the worker makes of the data it is sent. */
function workerValue(data: unknown): unknown {
  const { string: text } = data as { string?: string };
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
