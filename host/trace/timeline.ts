import type { HistoryEvent, InstanceTrace } from '../durable/contract';
import { EventType } from '../durable/history';
import { toCall } from './calls';
import { type Entry, firstLine, some, textOf, timeOf } from './entry';

/** What there is to tell about an instance. */
export interface Timeline {
  readonly instanceId: string;
  readonly name: string;
  readonly version?: string;
  readonly status: string;
  readonly parentInstanceId?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** 1, and one more for each `continueAsNew`; `entries` are of this one */
  readonly execution: number;
  readonly customStatus?: string;
  readonly entries: readonly Entry[];
  /** What has no ending yet, and the external events that are waited for */
  readonly waitsFor: { readonly calls: readonly Entry[]; readonly events: readonly string[] };
  /** Messages that the orchestrator has not seen */
  readonly arrived: number;
  /** The children that were asked for */
  readonly children?: readonly Timeline[];
}

export function toTimeline(trace: InstanceTrace): Timeline {
  const { instance, awaits, arrived } = trace;
  const entries = toEntries(trace);
  return {
    instanceId: instance.instanceId,
    name: instance.name,
    ...some('version', instance.version),
    status: instance.runtimeStatus,
    ...some('parentInstanceId', instance.parentInstanceId),
    createdAt: new Date(instance.createdAt).toISOString(),
    updatedAt: new Date(instance.updatedAt).toISOString(),
    execution: trace.generation + 1,
    ...some('customStatus', instance.customStatus),
    entries,
    waitsFor: { calls: entries.filter(({ state }) => state === 'open'), events: awaits },
    arrived,
  };
}

const endings: readonly number[] = [
  EventType.TaskCompleted,
  EventType.TaskFailed,
  EventType.SubOrchestrationInstanceCompleted,
  EventType.SubOrchestrationInstanceFailed,
  EventType.TimerFired,
];

const calls: readonly number[] = [
  EventType.TaskScheduled,
  EventType.SubOrchestrationInstanceCreated,
  EventType.TimerCreated,
  EventType.EventSent,
];

/** What happened to an instance, in order; a call and its ending are one entry. */
function toEntries(trace: InstanceTrace): Entry[] {
  const { history } = trace;
  // A start waits for its first run, so the first entry is not the earliest.
  const startedAt = history.reduce((least, event) => Math.min(least, timeOf(event)), Infinity);
  const ended = new Map<number, HistoryEvent>();
  const answered = new Map<string, HistoryEvent>();
  for (const event of history) {
    const { TaskScheduledId = event['TimerId'] } = event;
    if (endings.includes(event.EventType)) ended.set(TaskScheduledId as number, event);
    if (event.EventType === EventType.EventRaised) answered.set(String(event['Name']), event);
  }
  const requests = new Set(history.flatMap((event) => requestOf(event) ?? []));
  return history.flatMap((event) => {
    const when = { at: new Date(timeOf(event)).toISOString(), afterMs: timeOf(event) - startedAt };
    if (calls.includes(event.EventType)) {
      const request = requestOf(event);
      const ending = request === undefined ? ended.get(event.EventId) : answered.get(request);
      return [{ ...when, ...toCall({ event, ending }, trace) }];
    }
    if (event.EventType === EventType.EventRaised && requests.has(String(event['Name']))) return [];
    const shown = turns[event.EventType]?.(event, trace);
    return shown === undefined ? [] : [{ ...when, ...shown }];
  });
}

/** The name under which an entity answers a message. */
function requestOf(event: HistoryEvent): string | undefined {
  if (event.EventType !== EventType.EventSent) return undefined;
  const body = JSON.parse(textOf(event['Input']) ?? '{}') as { id?: unknown };
  return textOf(body.id);
}

type Shown = Omit<Entry, 'at' | 'afterMs'>;

/** Entries that are no calls; the ones that only frame a run of the orchestrator are not shown. */
const turns: Readonly<Record<number, (event: HistoryEvent, trace: InstanceTrace) => Shown>> = {
  [EventType.ExecutionStarted]: (event, { instance }) => ({
    what: 'started',
    name: instance.name,
    ...(event['Input'] === null || instance.input === undefined ? {} : { input: instance.input }),
  }),
  [EventType.EventRaised]: (event) => ({
    what: 'event',
    name: String(event['Name']),
    ...some('input', textOf(event['Input'])),
  }),
  [EventType.ExecutionSuspended]: (event) => ({ what: 'suspended', ...because(event, 'Reason') }),
  [EventType.ExecutionResumed]: (event) => ({ what: 'resumed', ...because(event, 'Reason') }),
  [EventType.ExecutionTerminated]: (event) => ({ what: 'terminated', ...because(event, 'Input') }),
  [EventType.GenericEvent]: (event) => ({
    what: 'rewound',
    ...(event.EventId < 0 ? because(event, 'Data') : { id: event.EventId }),
  }),
  [EventType.ExecutionCompleted]: (event) => {
    const failed = event['OrchestrationStatus'] === 'Failed';
    const result = textOf(event['Result']);
    return {
      what: 'ended',
      name: String(event['OrchestrationStatus']),
      ...some('result', failed ? undefined : result),
      ...some('failure', failed ? firstLine(result) : undefined),
    };
  },
};

function because(event: HistoryEvent, field: string): Pick<Shown, 'input'> {
  return some('input', textOf(event[field]));
}
