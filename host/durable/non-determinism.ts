import type { Decision } from './actions';
import type { HistoryEvent } from './contract';
import { EventType } from './history';

const kindsByEvent: Readonly<Record<number, readonly Decision['kind'][]>> = {
  [EventType.TaskScheduled]: ['activity'],
  [EventType.SubOrchestrationInstanceCreated]: ['child'],
  [EventType.TimerCreated]: ['timer'],
  [EventType.EventSent]: ['call', 'signal', 'lock', 'release'],
};

const question =
  'Was a change made to the orchestrator code after this instance had already started running?';

/** What Azure says when a decision of the history is not the one that the orchestrator makes now. */
export function mismatch(event: HistoryEvent, decision: Decision | undefined): string | undefined {
  const found = `Non-Deterministic workflow detected: A previous execution of this orchestration scheduled ${described(event)}`;
  if (decision === undefined) {
    return `${found}, but the current replay execution hasn't (yet?) scheduled this task. ${question}`;
  }
  const sameKind = kindsByEvent[event.EventType]?.includes(decision.kind) === true;
  if (!sameKind) {
    return `${found}, but the current orchestration replay instead produced a different action with this sequence number. ${question}`;
  }
  const name = 'name' in decision ? decision.name : undefined;
  if (name === undefined || name === event['Name']) return undefined;
  return `${found}, but the current replay execution instead scheduled a task named '${name}'. ${question}`;
}

function described(event: HistoryEvent): string {
  const name = typeof event['Name'] === 'string' ? event['Name'] : '';
  switch (event.EventType) {
    case EventType.TaskScheduled:
      return `an activity task with sequence ID ${event.EventId} and name '${name}' (version '')`;
    case EventType.SubOrchestrationInstanceCreated:
      return `a sub-orchestration task with sequence ID ${event.EventId} and name '${name}' (version '', instance ID '${String(event['InstanceId'])}')`;
    case EventType.TimerCreated:
      return `a timer task with sequence ID ${event.EventId}`;
    default:
      return `an event task with sequence ID ${event.EventId}, type '${name}' and instance ID '${String(event['InstanceId'])}'`;
  }
}
