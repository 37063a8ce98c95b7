import type { EngineOptions } from './contract';
import { entityRef, type Operation } from './entity-messages';
import type { Entity } from './entity-store';
import { outcomeOf } from './episode';
import { activityFailure, type Ending, reasonOf } from './failures';
import { EventType } from './history';
import type { Instance } from './instance';
import { isOfType } from './messages';
import type { ActivityCall, BatchResult, SdkProtocol } from './sdk-protocol';
import { returnedState, type SdkState, thrownState } from './sdk-state';
import { activityResult, activityTrigger, shownValue, unreadableText } from './values';

/** The protocol of `durable-functions` 3: replay schema V4, as the Durable extension speaks it. */
export function durableFunctions3(options: EngineOptions): SdkProtocol {
  return {
    async orchestrate(instance, functionName, isReplaying) {
      const trigger = triggerOf(instance, isReplaying, options.settings.httpSleepMs);
      return outcomeOf(
        instance,
        await run(options, instance.id, { functionName, trigger }),
        options,
      );
    },
    perform: (call) => perform(options, call),
    operate: (entity, operations) => operate(options, entity, operations),
  };
}

async function run(
  options: EngineOptions,
  instanceId: string,
  call: { readonly functionName: string; readonly trigger: unknown },
): Promise<SdkState> {
  try {
    return returnedState(await options.invoke({ ...call, kind: 'orchestration', instanceId }));
  } catch (thrown) {
    return thrownState(thrown);
  }
}

function inputOf(instance: Instance): unknown {
  const start = instance.history.find(isOfType(EventType.ExecutionStarted));
  return start?.['Input'] === null ? null : shownValue(instance.input);
}

/** What the SDK's handler is given. The input is read anew each time, since user code may change it. */
function triggerOf(instance: Instance, isReplaying: boolean, httpSleepMs: number): unknown {
  return {
    history: instance.history,
    input: inputOf(instance),
    instanceId: instance.id,
    isReplaying,
    parentInstanceId: instance.parent?.id ?? null,
    sourceInstanceId: null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    longRunningTimerIntervalDuration: '3.00:00:00',
    maximumShortTimerDuration: '6.00:00:00',
    defaultHttpAsyncRequestSleepTimeMillseconds: httpSleepMs,
  };
}

async function perform(
  options: EngineOptions,
  { name, input, instanceId }: ActivityCall,
): Promise<Ending> {
  const functionName = options.registered('activity', name) ?? name;
  try {
    const trigger = activityTrigger(input);
    const value = await options.invoke({ kind: 'activity', functionName, trigger, instanceId });
    const problem = unreadableText(value);
    return problem === undefined
      ? { result: activityResult(value) }
      : { failure: activityFailure(name, problem) };
  } catch (thrown) {
    // The worker reports nothing for these two, which the host takes for success.
    if (thrown === undefined || thrown === null) return { result: null };
    return { failure: activityFailure(functionName, thrown) };
  }
}

async function operate(
  options: EngineOptions,
  entity: Entity,
  operations: readonly Operation[],
): Promise<BatchResult> {
  const self = entityRef(entity.id);
  const batch = operations.map(({ operation, input, caller, id }) => ({
    ...{ name: operation, input: input ?? null, isSignal: caller === undefined, id },
  }));
  const { exists, state, id: instanceId } = entity;
  const trigger = { self, exists, state: state ?? null, batch };
  const functionName = options.registered('entity', self.name);
  try {
    if (functionName === undefined) throw new Error(unknownEntity(self.name));
    const call = { kind: 'entity', functionName, trigger, instanceId } as const;
    return (await options.invoke(call)) as BatchResult;
  } catch (thrown) {
    const result = JSON.stringify(reasonOf(thrown));
    const results = operations.map(() => ({ isError: true, result }));
    return { entityExists: exists, entityState: state ?? null, results, signals: [] };
  }
}

function unknownEntity(name: string): string {
  return `The function '${name}' doesn't exist, is disabled, or is not an entity function.`;
}
