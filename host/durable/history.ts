import type { HistoryEvent } from './contract';

/** The numbers that the Durable extension and its SDKs give to history entries. */
export const EventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventSent: 14,
  EventRaised: 15,
  GenericEvent: 17,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

/** Fields of an entry besides the ones that every entry has. */
export type EventFields = Readonly<Record<string, unknown>>;

/** A new entry. Decisions of an orchestrator carry their sequence number, everything else -1. */
export function historyEvent(
  type: number,
  at: number,
  fields: EventFields & { EventId?: number } = {},
): HistoryEvent {
  return { EventType: type, EventId: -1, IsPlayed: false, Timestamp: new Date(at), ...fields };
}

/**
 * One line of the store: everything that one run of an orchestrator added. What can be known
 * without being written (the two frame entries, ids of -1, repeated times) is left out.
 */
export function packEpisode(events: readonly HistoryEvent[]): string {
  const at = events[0]?.Timestamp.getTime() ?? 0;
  return JSON.stringify([at, ...events.map((event) => packed(event, at))]);
}

function packed(event: HistoryEvent, at: number): unknown {
  const { EventType: type, EventId, Timestamp } = event;
  const isFrame =
    type === EventType.OrchestratorStarted || type === EventType.OrchestratorCompleted;
  const time = Timestamp.getTime();
  if (isFrame && time === at) return type;
  // JSON leaves out what is undefined.
  return {
    ...event,
    IsPlayed: undefined,
    EventId: EventId === -1 ? undefined : EventId,
    Timestamp: time === at ? undefined : time,
  };
}

type PackedEvent = EventFields & { EventType: number; Timestamp?: number };

/** The opposite of `packEpisode`. */
export function unpackEpisode(text: string): HistoryEvent[] {
  const [at, ...packed] = JSON.parse(text) as [number, ...(number | PackedEvent)[]];
  return packed.map((entry) => {
    if (typeof entry === 'number') return historyEvent(entry, at);
    const { EventType: type, Timestamp, ...fields } = entry;
    return historyEvent(type, Timestamp ?? at, fields);
  });
}
