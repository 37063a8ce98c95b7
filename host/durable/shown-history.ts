import type { HistoryEvent } from './contract';
import { EventType } from './history';
import type { Instance } from './instance';

type Show = (event: HistoryEvent, instance: Instance) => Readonly<Record<string, unknown>>;

/** Fields that the Durable extension shows and the engine has no use for. */
const shownFields: Readonly<Record<number, Show>> = {
  [EventType.ExecutionStarted]: (_event, { id, executionId, input, parent, generation }) => ({
    OrchestrationInstance: { InstanceId: id, ExecutionId: executionId },
    ParentInstance:
      parent === undefined ? null : { OrchestrationInstance: { InstanceId: parent.id } },
    Input: input ?? null,
    Tags: null,
    Correlation: null,
    ParentTraceContext: null,
    ScheduledStartTime: null,
    Generation: parent === undefined && generation === 0 ? 0 : null,
    GenerateNewTrace: false,
  }),
  [EventType.ExecutionCompleted]: () => ({ FailureDetails: null }),
  [EventType.TaskScheduled]: () => ({
    Version: '',
    Input: null,
    ParentTraceContext: null,
    Tags: null,
  }),
  [EventType.TaskFailed]: ({ FailureDetails = null }) => ({ FailureDetails }),
  [EventType.SubOrchestrationInstanceCreated]: () => ({
    Version: null,
    Input: null,
    ClientSpanId: null,
    Tags: null,
  }),
  [EventType.SubOrchestrationInstanceFailed]: ({ FailureDetails = null }) => ({ FailureDetails }),
  [EventType.EventRaised]: () => ({ ParentTraceContext: null }),
};

/** A history as the Durable extension has it, with all fields. */
export function shownHistory(
  instance: Instance,
  history: readonly HistoryEvent[],
): readonly HistoryEvent[] {
  return history.map((event) => ({
    ...withoutOwn(event),
    ...shownFields[event.EventType]?.(event, instance),
  }));
}

/** What the engine keeps for `trace`. */
const ownFields: readonly string[] = ['CalledWith', 'Attempt'];

function withoutOwn(event: HistoryEvent): HistoryEvent {
  const fields = Object.entries(event).filter(([name]) => !ownFields.includes(name));
  return Object.fromEntries(fields) as HistoryEvent;
}
