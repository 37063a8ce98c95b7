import type { DurableCall } from './durable/contract';
import type { Invocation, Invoke } from './invocation/invoke';
import { type AppFunction, isTriggeredBy } from './loading/function-metadata';
import type { TypedData } from './loading/programming-model';

type Kind = DurableCall['kind'];

/** The orchestrations, activities and entities of an app, as the engine asks for them. */
export interface DurableFunctions {
  /** Registered name for a name in any letter case; undefined if unknown or disabled */
  readonly registered: (kind: Kind, name: string) => string | undefined;
  readonly names: (kind: Kind) => string[];
  readonly invoke: (call: DurableCall) => Promise<unknown>;
}

export function toDurableFunctions(
  functions: readonly AppFunction[],
  invoke: Invoke,
  complete: (invocation: Invocation) => Invocation,
): DurableFunctions {
  const byKind = new Map<Kind, Map<string, AppFunction>>();
  for (const kind of ['orchestration', 'activity', 'entity'] as const) {
    const ofKind = functions.filter(
      (appFunction) => !appFunction.disabled && isTriggeredBy(appFunction, `${kind}Trigger`),
    );
    byKind.set(kind, new Map(ofKind.map((each) => [each.name.toLowerCase(), each])));
  }
  const find = (kind: Kind, name: string): AppFunction | undefined =>
    byKind.get(kind)?.get(name.toLowerCase());
  return {
    registered: (kind, name) => find(kind, name)?.name,
    names: (kind) => [...(byKind.get(kind)?.values() ?? [])].map(({ name }) => name),
    async invoke(call) {
      const target = find(call.kind, call.functionName);
      if (!target) throw new Error(`There is no ${call.kind} function "${call.functionName}".`);
      return (await invoke(complete(toInvocation(call, target)))).result;
    },
  };
}

/** Orchestrations and entities get their trigger as it is: no text is built and parsed again. */
function toInvocation(call: DurableCall, target: AppFunction): Invocation {
  const shared = {
    function: target,
    instance: call.instanceId,
    triggerMetadata: { instanceId: { json: JSON.stringify(call.instanceId) } },
  };
  if (call.kind !== 'activity') return { ...shared, trigger: call.trigger };
  const data = call.trigger as TypedData;
  return { ...shared, inputData: [{ name: target.trigger.name, data }] };
}
