import { type DurableCall, type EngineOptions, ThrewNothing } from '../contract';
import { entityRef, type Operation } from '../entities/entity-messages';
import type { Entity } from '../entities/entity-store';
import { outcomeOf } from '../orchestrations/episode';
import {
  activityFailure,
  type Ending,
  reasonOf,
  unknownFunction,
  unreadableResult,
} from '../failures';
import type { Hazard } from '../hazards/hazard';
import { OrchestratorWatch } from '../hazards/orchestrator-watch';
import { judge } from '../hazards/strictness';
import { threwNothingHazard } from '../hazards/throws';
import { resultHazards } from '../hazards/values';
import { EventType } from '../history';
import type { Instance } from '../instance';
import { isOfType } from '../messages';
import type { ActivityCall, BatchResult, SdkProtocol } from './sdk-protocol';
import { returnedState, type SdkState, thrownState } from './sdk-state';
import { unreadableText } from './references';
import { activityResult, activityTrigger, shownValue } from './values';

/** The protocol of `durable-functions` 3: replay schema V4, as the Durable extension speaks it. */
export function durableFunctions3(
  options: EngineOptions,
  isLive: (instanceId: string) => boolean,
): SdkProtocol {
  return {
    async orchestrate(instance, functionName, isReplaying) {
      const trigger = triggerOf(instance, isReplaying, options.settings.httpSleepMs);
      const watch = options.strict === 'off' ? undefined : new OrchestratorWatch();
      const call = {
        kind: 'orchestration',
        functionName,
        trigger,
        instanceId: instance.id,
      } as const;
      const state = await run(options, watch ? { ...call, watch: watch.attach } : call);
      return outcomeOf(instance, state, { options, watch, isLive });
    },
    perform: (call) => perform(options, call),
    operate: (entity, operations) => operate(options, entity, operations),
  };
}

async function run(options: EngineOptions, call: DurableCall): Promise<SdkState> {
  try {
    return returnedState(await options.invoke(call));
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

async function perform(options: EngineOptions, call: ActivityCall): Promise<Ending> {
  const { name, input, instanceId } = call;
  const functionName = options.registered('activity', name) ?? name;
  try {
    const trigger = activityTrigger(input);
    const value = await options.invoke({ kind: 'activity', functionName, trigger, instanceId });
    return refused(options, call, resultHazards(value, functionName)) ?? endingOf(call, value);
  } catch (thrown) {
    const isNothing = thrown === undefined || thrown === null || thrown instanceof ThrewNothing;
    if (!isNothing) return { failure: activityFailure(functionName, thrown) };
    // The worker reports nothing for these, which the host takes for success.
    return refused(options, call, [threwNothingHazard(functionName)]) ?? { result: null };
  }
}

function endingOf({ name }: ActivityCall, value: unknown): Ending {
  const problem = unreadableText(value);
  return problem === undefined
    ? { result: activityResult(value) }
    : { failure: unreadableResult(name, problem) };
}

/** What strict mode makes of a call instead of what it came to. */
function refused(
  options: EngineOptions,
  call: ActivityCall,
  hazards: readonly Hazard[],
): Ending | undefined {
  const about = { function: call.name, instance: call.instanceId };
  const found = judge(hazards, { subject: call, name: call.instanceId, about }, options);
  return found && { failure: activityFailure(call.name, new Error(found.message)) };
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
    if (functionName === undefined) {
      throw new Error(unknownFunction('entity', self.name, options.names('entity')));
    }
    const call = { kind: 'entity', functionName, trigger, instanceId } as const;
    return (await options.invoke(call)) as BatchResult;
  } catch (thrown) {
    const result = JSON.stringify(reasonOf(thrown));
    const results = operations.map(() => ({ isError: true, result }));
    return { entityExists: exists, entityState: state ?? null, results, signals: [] };
  }
}
