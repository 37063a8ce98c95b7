import type { HistoryEvent } from '../durable/contract';
import { valueOrText } from '../json';

/** Names of the event numbers, as the status API writes them. */
const names: Readonly<Record<number, string>> = {
  0: 'ExecutionStarted',
  1: 'ExecutionCompleted',
  3: 'ExecutionTerminated',
  4: 'TaskScheduled',
  5: 'TaskCompleted',
  6: 'TaskFailed',
  7: 'SubOrchestrationInstanceCreated',
  8: 'SubOrchestrationInstanceCompleted',
  9: 'SubOrchestrationInstanceFailed',
  10: 'TimerCreated',
  11: 'TimerFired',
  14: 'EventSent',
  15: 'EventRaised',
  17: 'GenericEvent',
  19: 'ExecutionSuspended',
  20: 'ExecutionResumed',
};

/** Frames of an episode; nothing that a reader of the history looks for. */
const frames = new Set([12, 13]);
const schedulers = new Set([4, 7]);
const internal = new Set([
  'EventId',
  'IsPlayed',
  'TaskScheduledId',
  'TimerId',
  'OrchestrationInstance',
  'ParentInstance',
  'Version',
]);

type Json = Record<string, unknown>;

/**
 * The history as the status API shows it: what was scheduled is told by its completion, results only
 * on request.
 */
export function toHistoryJson(
  history: readonly HistoryEvent[],
  show: { readonly inputs: boolean; readonly results: boolean },
): Json[] {
  const scheduled = new Map(
    history
      .filter((event) => schedulers.has(event.EventType))
      .map((event) => [event.EventId, event]),
  );
  const completed = new Set(history.map((event) => event['TaskScheduledId']));
  return history
    .filter((event) => !frames.has(event.EventType))
    .filter((event) => !schedulers.has(event.EventType) || !completed.has(event.EventId))
    .map((event) => {
      const cause = scheduled.get(Number(event['TaskScheduledId']));
      const json = { ...project(event, show), ...(cause ? causeOf(cause) : {}) };
      if (!show.inputs) Reflect.deleteProperty(json, 'Input');
      return json;
    });
}

function project(event: HistoryEvent, show: { readonly results: boolean }): Json {
  const json: Json = {};
  for (const [name, value] of Object.entries(event)) {
    if (!internal.has(name)) json[name] = value;
  }
  json['EventType'] = names[event.EventType] ?? String(event.EventType);
  if (event.EventType === 0) {
    json['FunctionName'] = json['Name'];
    Reflect.deleteProperty(json, 'Name');
    Reflect.deleteProperty(json, 'Tags');
  }
  if (event.EventType === 1)
    json['OrchestrationStatus'] = toStatusName(json['OrchestrationStatus']);
  if (typeof json['Result'] === 'string') json['Result'] = valueOrText(json['Result']);
  if (!show.results) Reflect.deleteProperty(json, 'Result');
  return json;
}

function causeOf(cause: HistoryEvent): Json {
  return {
    ScheduledTime: `${cause.Timestamp.toISOString().replace(/Z$/, '')}+00:00`,
    FunctionName: cause['Name'],
    ...(cause.EventType === 7 ? { InstanceId: cause['InstanceId'] } : {}),
    Input: null,
  };
}

const statuses = [
  'Running',
  'Completed',
  'ContinuedAsNew',
  'Failed',
  'Canceled',
  'Terminated',
  'Pending',
  'Suspended',
];

function toStatusName(status: unknown): unknown {
  return typeof status === 'number' ? statuses[status] : status;
}
