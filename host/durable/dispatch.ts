import type { Activities } from './activities/activities';
import type { Decision } from './orchestrations/actions';
import type { Alarms } from './orchestrations/alarms';
import type { HistoryEvent } from './contract';
import { EventType, historyEvent } from './history';
import type { Instance, Parent } from './instance';
import { jsonText } from './sdk/values';

/** A child to be started. */
export interface ChildStart {
  readonly id: string;
  readonly name: string;
  readonly version: string | undefined;
  readonly input: string | undefined;
  readonly parent: Parent;
}

/** Where decisions go. */
export interface Dispatch {
  readonly activities: Activities;
  readonly alarms: Alarms;
  startChild(child: ChildStart): void;
  /** Sends a message to an entity; returns the body that the history keeps. */
  sendToEntity(
    instance: Instance,
    decision: Extract<Decision, { kind: 'call' | 'signal' | 'lock' | 'release' }>,
  ): { entityId: string; event: string; body: string };
}

/** Does what an orchestrator decided, as part of the turn's transaction; the entry for its history. */
export function dispatch(
  to: Dispatch,
  instance: Instance,
  decided: { decision: Decision; at: number },
): HistoryEvent {
  const { decision, at } = decided;
  switch (decision.kind) {
    case 'activity':
      return scheduleActivity(to, instance, { decision, at });
    case 'child':
      return startChild(to, instance, { decision, at });
    case 'timer':
      if (!decision.cancelled) to.alarms.set(instance.key, decision.id, decision.fireAt);
      return historyEvent(EventType.TimerCreated, at, {
        EventId: decision.id,
        FireAt: new Date(decision.fireAt).toISOString(),
        ...attemptOf(decision),
      });
    case 'call':
    case 'signal':
    case 'lock':
    case 'release': {
      const sent = to.sendToEntity(instance, decision);
      return historyEvent(EventType.EventSent, at, {
        EventId: decision.id,
        InstanceId: sent.entityId,
        Name: sent.event,
        Input: sent.body,
      });
    }
  }
}

interface Decided<Kind extends Decision['kind']> {
  readonly decision: Extract<Decision, { kind: Kind }>;
  readonly at: number;
}

function scheduleActivity(
  to: Dispatch,
  instance: Instance,
  { decision, at }: Decided<'activity'>,
): HistoryEvent {
  const { id, name, input } = decision;
  const text = input === undefined ? undefined : jsonText(input);
  // The SDK hands strings over as JSON already.
  const ready = typeof input === 'string' ? input : text;
  to.activities.schedule({ instance: instance.key, task: id, name, input: ready });
  const fields = { EventId: id, Name: name, ...excerpt(ready), ...attemptOf(decision) };
  return historyEvent(EventType.TaskScheduled, at, fields);
}

function startChild(
  to: Dispatch,
  instance: Instance,
  { decision, at }: Decided<'child'>,
): HistoryEvent {
  const { id, name, input, version } = decision;
  const childId = decision.instanceId ?? `${instance.executionId}:${id}`;
  const text = input === undefined ? undefined : jsonText(input);
  to.startChild({
    id: childId,
    name,
    version,
    input: text,
    parent: { key: instance.key, id: instance.id, task: id },
  });
  return historyEvent(EventType.SubOrchestrationInstanceCreated, at, {
    EventId: id,
    Name: name,
    InstanceId: childId,
    ...excerpt(text),
    ...attemptOf(decision),
  });
}

/** So much of an input is kept for those who read the history later. */
const excerptLength = 120;

function excerpt(input: string | undefined): { CalledWith?: string } {
  if (input === undefined) return {};
  const isWhole = input.length <= excerptLength;
  return { CalledWith: isWhole ? input : `${input.slice(0, excerptLength)}…` };
}

function attemptOf({ attempt }: { readonly attempt?: number }): { Attempt?: number } {
  return attempt === undefined ? {} : { Attempt: attempt };
}
