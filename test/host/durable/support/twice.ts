import { inspect } from 'node:util';

import type { DurableCall } from '../../../../host/durable/engine';

type Invoke = (call: DurableCall) => unknown;

/**
 * Runs each orchestrator twice: with the objects that the engine hands over, and with what is left of
 * them after a way through JSON text. `differ` is told when the two do not decide the same.
 */
export function twice(invoke: Invoke, differ: (message: string) => void): Invoke {
  const orchestrate = async (call: DurableCall): Promise<unknown> => {
    // The SDK changes the history that it is given, so the copy is made first.
    const { kind, functionName, instanceId } = call;
    const trigger = JSON.parse(JSON.stringify(call.trigger)) as unknown;
    const first = await ending(invoke, call);
    const second = await ending(invoke, { kind, functionName, instanceId, trigger });
    if (first.text !== second.text) {
      differ(`${call.instanceId} decided otherwise when repeated:\n${first.text}\n${second.text}`);
    }
    if (first.thrown) throw first.value as Error;
    return first.value;
  };
  return (call) => (call.kind === 'orchestration' ? orchestrate(call) : invoke(call));
}

interface Ending {
  /** What was returned or thrown, in a form that can be compared. */
  readonly text: string;
  readonly thrown: boolean;
  readonly value: unknown;
}

async function ending(invoke: Invoke, call: DurableCall): Promise<Ending> {
  try {
    const value = await invoke(call);
    return { text: textOf(value), thrown: false, value };
  } catch (error) {
    const text = error instanceof Error ? error.message : textOf(error);
    return { text: `threw ${text}`, thrown: true, value: error };
  }
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return inspect(value, { depth: 100 });
  }
}
