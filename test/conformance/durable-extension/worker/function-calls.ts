import { thrownText } from '../../../../host/durable/failures';
import type { Invocation, Invoke } from '../../../../host/invocation/invoke';
import type { AppFunction } from '../../../../host/loading/function-metadata';
import type { TypedData } from '../../../../host/loading/programming-model';

/** One function that the engine wants run. */
export interface FunctionCall {
  readonly id: number;
  readonly function: string;
  /** What the trigger passes on, as text */
  readonly data: string | null;
  /** For activities: whose they are */
  readonly instanceId: string | null;
}

/** What the SDK returned, in the form in which a worker sends it; or what was thrown. */
export type Answer =
  | { readonly value: object | null }
  | { readonly error: { readonly message: string; readonly stack: string } };

/** Answers the engine with the functions of an app, through the host's own invocation pipeline. */
export function answerWith(
  functions: readonly AppFunction[],
  invoke: Invoke,
  complete: (invocation: Invocation) => Invocation,
): (call: FunctionCall) => Promise<Answer> {
  const byName = new Map(functions.map((each) => [each.name, each]));
  return async (call) => {
    const target = byName.get(call.function);
    if (!target) return { error: { message: `There is no function ${call.function}.`, stack: '' } };
    try {
      const { answer } = await invoke(complete(toInvocation(call, target)));
      return { value: toWire((await answer()).returnValue) };
    } catch (error) {
      return { error: thrownText(error) };
    }
  };
}

function toInvocation({ data, instanceId }: FunctionCall, target: AppFunction): Invocation {
  return {
    function: target,
    inputData: [{ name: target.trigger.name, data: data === null ? {} : { string: data } }],
    ...(instanceId === null
      ? {}
      : { triggerMetadata: { instanceId: { json: JSON.stringify(instanceId) } } }),
  };
}

/** JSON has neither bytes nor numbers that are none. */
function toWire(data: TypedData | null | undefined): object | null {
  if (data === undefined || data === null) return null;
  if (data.bytes !== undefined) return { bytes: Buffer.from(data.bytes).toString('base64') };
  if (data.double !== undefined) return { double: String(data.double) };
  if (data.int !== undefined) return { int: String(data.int) };
  return data;
}
