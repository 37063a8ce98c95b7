import { randomUUID } from 'node:crypto';
import type { ControlResult, EngineOptions, HistoryEvent } from '../contract';
import { EventType, historyEvent } from '../history';
import type { Instance } from '../instance';
import type { InstanceStore } from '../store/instance-store';

interface Context {
  readonly options: EngineOptions;
  readonly instances: InstanceStore;
  readonly deliver: (key: number, event: HistoryEvent) => void;
}

const numberOf = (event: HistoryEvent): number | undefined =>
  event['TaskScheduledId'] as number | undefined;

/**
 * Runs the failed parts of a failed instance again: failed activities are called anew, failed
 * children are rewound themselves and report to it as before.
 */
export function rewind(context: Context, id: string, reason: string | undefined): ControlResult {
  const found = context.instances.find(id);
  if (found === undefined) return 'not-found';
  if (found.status !== 'Failed') return 'wrong-state';
  const instance = context.instances.load(found.key);
  if (instance !== undefined) rewindInstance(context, instance, reason);
  return 'accepted';
}

function rewindInstance(context: Context, instance: Instance, reason: string | undefined): void {
  const failedTasks = numbersOf(instance.history, EventType.TaskFailed);
  const failedChildren = numbersOf(instance.history, EventType.SubOrchestrationInstanceFailed);
  const history = instance.history.map((event) =>
    isUndone(event, failedTasks) ? undone(event) : event,
  );
  instance.executionId = randomUUID();
  instance.status = 'Running';
  instance.output = undefined;
  instance.updatedAt = context.options.clock.now();
  context.instances.rewrite(instance, history);
  context.instances.update(instance);
  // One whose children are rewound goes on when they report to it.
  if (failedChildren.size > 0) {
    rewindChildren(context, history.filter(isCreationOf(failedChildren)), reason);
    return;
  }
  if (failedChildren.size > 0) return; // their results are what it goes on with
  const fields = { Data: reason ?? null };
  context.deliver(instance.key, historyEvent(EventType.GenericEvent, instance.updatedAt, fields));
}

function isCreationOf(children: ReadonlySet<number>) {
  return ({ EventType: type, EventId: id }: HistoryEvent): boolean =>
    type === EventType.SubOrchestrationInstanceCreated && children.has(id);
}

function rewindChildren(
  context: Context,
  creations: readonly HistoryEvent[],
  reason: string | undefined,
): void {
  for (const { InstanceId: id } of creations) rewind(context, id as string, reason);
}

function numbersOf(history: readonly HistoryEvent[], type: number): ReadonlySet<number> {
  const failed = history.filter((event) => event.EventType === type);
  return new Set(failed.flatMap((event) => numberOf(event) ?? []));
}

function isUndone(event: HistoryEvent, failedTasks: ReadonlySet<number>): boolean {
  switch (event.EventType) {
    case EventType.TaskScheduled:
      return failedTasks.has(event.EventId);
    case EventType.TaskFailed:
    case EventType.SubOrchestrationInstanceFailed:
    case EventType.ExecutionCompleted:
      return true;
    default:
      return false;
  }
}

/** What stays in the place of an entry that no longer counts. */
function undone({ EventId, Timestamp }: HistoryEvent): HistoryEvent {
  return historyEvent(EventType.GenericEvent, Timestamp.getTime(), { EventId, Data: null });
}
