import type { HistoryEvent } from '../../../host/durable/contract';
import { defaultSettings } from '../../../host/durable/contract';
import { EventType } from '../../../host/durable/history';
import type { Instance } from '../../../host/durable/instance';
import type { Decision } from '../../../host/durable/orchestrations/actions';
import type { Outcome } from '../../../host/durable/orchestrations/episode';
import { durableFunctions3 } from '../../../host/durable/sdk/durable-functions-3';
import {
  registeredNames,
  registrationKey,
  registrations,
} from '../../host/durable/support/functions-core';
import { invokeRegistered } from '../../host/durable/support/worker';
import type { RecordedExecution } from './recorded';

/** A place in a history at which a run may be in flight: all that had happened, and what was asked for then. */
export interface Turn {
  /** Index of the first entry that is not in `before`. */
  readonly at: number;
  readonly before: readonly HistoryEvent[];
  readonly asked: readonly HistoryEvent[];
}

const decided: readonly number[] = [
  EventType.TaskScheduled,
  EventType.SubOrchestrationInstanceCreated,
  EventType.TimerCreated,
  EventType.ExecutionCompleted,
];

/** Every place between what was delivered and what was decided over it. */
export function turnsOf(history: readonly HistoryEvent[]): readonly Turn[] {
  const ends = history.flatMap(({ EventType: type }, index) =>
    type === EventType.OrchestratorStarted && index > 0 ? [index] : [],
  );
  let from = 0;
  return [...ends, history.length].map((to) => {
    const batch = history.slice(from, to);
    const delivered = batch.findIndex(
      ({ EventType: type }) => decided.includes(type) || type === EventType.OrchestratorCompleted,
    );
    const at = delivered === -1 ? to : from + delivered;
    from = to;
    return {
      at,
      before: history.slice(0, at),
      asked: history.slice(at, to).filter(({ EventType: type }) => decided.includes(type)),
    };
  });
}

const sdk = durableFunctions3(
  {
    databasePath: ':memory:',
    clock: { now: () => 0, at: () => () => undefined },
    settings: defaultSettings,
    strict: 'off',
    registered: (kind, name) => registrations.get(registrationKey(kind, name))?.name,
    names: registeredNames,
    log: () => undefined,
    // What comes out of the worker's channel: dates are text.
    invoke: ({ trigger, ...call }) =>
      Promise.resolve(
        invokeRegistered({ ...call, trigger: JSON.parse(JSON.stringify(trigger)) as unknown }),
      ),
  },
  () => false,
);

/** What the code of today decides over a history: through the SDK's own replay, judged as the engine judges. */
export function decisionsOver(
  { orchestration, instanceId, parentInstanceId, input }: RecordedExecution,
  before: readonly HistoryEvent[],
): Promise<Outcome> {
  const instance: Partial<Instance> = {
    ...{ key: 1, id: instanceId, name: orchestration, executionId: '', generation: 0 },
    input: JSON.stringify(input),
    ...(parentInstanceId !== undefined && { parent: { key: 0, id: parentInstanceId, task: 0 } }),
    history: before.map((event) => ({ ...event })),
  };
  const isReplaying = before.some(
    ({ EventType: type }) => type === EventType.OrchestratorCompleted,
  );
  return sdk.orchestrate(instance as Instance, orchestration, isReplaying);
}

export function inputOf(decision: Decision): unknown {
  const { input } = decision as { readonly input?: unknown };
  return input === undefined ? undefined : (JSON.parse(JSON.stringify(input)) as unknown);
}
