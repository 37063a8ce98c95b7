import type { DurableEngine, HistoryEvent, InstanceRecord } from '../../../../host/durable/engine';

/** What is left of instances and entities, without what differs from run to run. */
export interface EndState {
  readonly instances: readonly ShownInstance[];
  readonly entities: readonly unknown[];
}

interface ShownInstance {
  readonly id: string | undefined;
  readonly runtimeStatus: string;
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly customStatus: string | undefined;
  readonly history: readonly ShownEvent[];
}

interface ShownEvent {
  readonly type: number;
  readonly number: number;
  /** Number of the decision that it ends */
  readonly ends: unknown;
  readonly name: string | undefined;
  readonly result: string | undefined;
}

/** Frame entries: how many messages came together is nobody's business. */
const frames: readonly number[] = [12, 13];

export async function endState(engine: DurableEngine): Promise<EndState> {
  const { instances } = await engine.query({ top: 1000 });
  const { entities } = await engine.listEntities({ fetchState: true, top: 1000 });
  const shown = await Promise.all(
    instances.map(async (record) => shownInstance(record, await engine.history(record.instanceId))),
  );
  return {
    instances: shown.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    entities: entities.map(({ name, key, state }) => ({ name, key, state })),
  };
}

function shownInstance(record: InstanceRecord, history: readonly HistoryEvent[]): ShownInstance {
  const { instanceId, runtimeStatus, input, output, customStatus } = record;
  return {
    ...{ id: withoutIds(instanceId), runtimeStatus, input: withoutIds(input) },
    ...{ output: withoutIds(output), customStatus },
    history: history.filter(({ EventType }) => !frames.includes(EventType)).map(shownEvent),
  };
}

function shownEvent(event: HistoryEvent): ShownEvent {
  const {
    EventType: type,
    EventId: number,
    TaskScheduledId,
    TimerId,
    Name,
    Result,
    Reason,
  } = event;
  const ends = TaskScheduledId ?? TimerId;
  return { type, number, ends, name: withoutIds(Name), result: withoutIds(Result ?? Reason) };
}

/** Ids that the engine draws, and times. */
function withoutIds(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  return text
    .replace(/[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/g, 'GUID')
    .replace(/\b1\d{12}\b/g, 'TIME');
}
