import type { Decision } from './actions';
import type { HistoryEvent } from '../contract';
import { EventType } from '../history';

const producedBy: Readonly<Record<Decision['kind'], string>> = {
  activity: 'ScheduleTaskOrchestratorAction',
  child: 'CreateSubOrchestrationAction',
  timer: 'CreateTimerOrchestratorAction',
  call: 'SendEventOrchestratorAction',
  signal: 'SendEventOrchestratorAction',
  lock: 'SendEventOrchestratorAction',
  release: 'SendEventOrchestratorAction',
};

const expectedBy: Readonly<Record<number, string>> = {
  [EventType.TaskScheduled]: producedBy.activity,
  [EventType.SubOrchestrationInstanceCreated]: producedBy.child,
  [EventType.TimerCreated]: producedBy.timer,
  [EventType.EventSent]: producedBy.call,
};

const nouns: Readonly<Record<number, string>> = {
  [EventType.TaskScheduled]: 'an activity task',
  [EventType.SubOrchestrationInstanceCreated]: 'a sub-orchestration task',
  [EventType.TimerCreated]: 'a timer task',
  [EventType.EventSent]: 'an event task',
};

const question =
  'Was a change made to the orchestrator code after this instance had already started running?';

/** What Azure says when a decision of the history is not the one that the orchestrator makes now. */
export function mismatch(event: HistoryEvent, decision: Decision | undefined): string | undefined {
  if (decision !== undefined && isThe(decision, event)) return undefined;
  const noun = nouns[event.EventType] ?? 'a task';
  const before = `Non-Deterministic workflow detected: A previous execution of this orchestration scheduled ${noun} with sequence`;
  if (decision === undefined) {
    return `${before} ${identified(event)} but the current replay execution hasn't (yet?) scheduled this task. ${question}`;
  }
  const produced = producedBy[decision.kind];
  if (produced !== expectedBy[event.EventType]) {
    return `${before} number ${event.EventId} named${quoted(event)} but the current orchestration replay instead produced a ${produced} action with this sequence number. ${question}`;
  }
  const name = nameOf(decision);
  return `${before} number ${event.EventId} named${quoted(event)} but the current orchestration replay instead scheduled ${noun} named '${name ?? ''}' with this sequence number. ${question}`;
}

function isThe(decision: Decision, event: HistoryEvent): boolean {
  if (producedBy[decision.kind] !== expectedBy[event.EventType]) return false;
  const name = nameOf(decision);
  return name === undefined || name === event['Name'];
}

function nameOf(decision: Decision): string | undefined {
  return 'name' in decision ? decision.name : undefined;
}

function quoted({ Name: name }: HistoryEvent): string {
  return typeof name === 'string' ? ` '${name}',` : '';
}

function identified(event: HistoryEvent): string {
  if (event.EventType === EventType.TimerCreated) return `number ${event.EventId}`;
  const named = `ID ${event.EventId} and name${quoted(event).replace(/,$/, '')}`;
  const { InstanceId: id } = event;
  const instance = typeof id === 'string' ? `, instance ID '${id}'` : '';
  return `${named} (version ''${instance}),`;
}
