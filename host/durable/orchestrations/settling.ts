import type { Activities } from '../activities/activities';
import type { Alarms } from './alarms';
import type { HistoryEvent } from '../contract';
import type { Dispatch } from '../dispatch';
import { dispatch } from '../dispatch';
import type { End, Outcome } from './episode';
import { EventType, historyEvent } from '../history';
import type { Instance } from '../instance';
import { newExecutionId } from '../instance';
import type { InstanceStore } from '../store/instance-store';
import type { Mailboxes } from '../store/mailboxes';
import { isOfType } from '../messages';
import type { Run } from './orchestrations';
import { jsonText } from '../sdk/values';

interface Context extends Dispatch {
  readonly instances: InstanceStore;
  readonly inbox: Mailboxes<HistoryEvent>;
  readonly activities: Activities;
  readonly alarms: Alarms;
  readonly deliver: (key: number, event: HistoryEvent) => void;
}

/** Writes down what a run of an orchestrator came to: all of it in the turn's transaction. */
export function settle(context: Context, run: Run, outcome: Outcome): void {
  const { instance, opening, at } = run;
  context.inbox.consume(instance.key, run.taken);
  const decided = outcome.decisions.map((decision) =>
    dispatch(context, instance, { decision, at }),
  );
  for (const timer of outcome.cancelledTimers) context.alarms.cancel(instance.key, timer);
  const added = [
    ...decided,
    ...(outcome.end === undefined ? [] : [endEvent(outcome.end, outcome.nextId, at)]),
    historyEvent(EventType.OrchestratorCompleted, at),
  ];
  instance.history.push(...added);
  instance.customStatus = outcome.customStatus;
  instance.updatedAt = at;
  instance.awaits = outcome.end === undefined ? (outcome.awaits ?? []) : [];
  if (outcome.continuation === undefined) {
    if (!neverRan(run, outcome)) context.instances.append(instance, [...opening, ...added]);
    if (outcome.end === undefined) keepGoing(instance, opening, outcome.suspended);
    else end(context, instance, { end: outcome.end, at });
    context.instances.update(instance);
    if (outcome.end !== undefined) context.instances.forget(instance.key);
  } else continueAsNew(context, run, outcome.continuation);
}

/** An instance that is terminated before its first run has no history. */
function neverRan({ instance }: Run, { end: ending }: Outcome): boolean {
  return instance.rows === 0 && ending?.status === 'Terminated';
}

function endEvent(end: End, id: number, at: number): HistoryEvent {
  return historyEvent(EventType.ExecutionCompleted, at, {
    EventId: id,
    OrchestrationStatus: end.status,
    Result: end.output ?? null,
  });
}

function keepGoing(instance: Instance, opening: readonly HistoryEvent[], suspended: boolean): void {
  const suspension = opening.findLast(isOfType(EventType.ExecutionSuspended));
  instance.status = suspended ? 'Suspended' : 'Running';
  if (!suspended) instance.output = undefined;
  else if (suspension !== undefined) instance.output = reasonOf(suspension);
}

const reasonOf = (event: HistoryEvent): string | undefined =>
  typeof event['Reason'] === 'string' ? event['Reason'] : undefined;

function end(context: Context, instance: Instance, ending: { end: End; at: number }): void {
  const { status, output, failure } = ending.end;
  instance.status = status;
  instance.output = output;
  context.activities.clear(instance.key);
  context.alarms.clear(instance.key);
  if (instance.parent === undefined) return;
  const type =
    failure === undefined
      ? EventType.SubOrchestrationInstanceCompleted
      : EventType.SubOrchestrationInstanceFailed;
  const fields = failure ?? { Result: output ?? null };
  context.deliver(
    instance.parent.key,
    historyEvent(type, ending.at, { TaskScheduledId: instance.parent.task, ...fields }),
  );
}

/** A new execution of the same instance: what came in meanwhile waits behind its start. */
function continueAsNew(
  context: Context,
  run: Run,
  continuation: NonNullable<Outcome['continuation']>,
): void {
  const { instance, at } = run;
  const later = context.inbox.waiting(instance.key);
  context.inbox.drop(instance.key);
  context.activities.clear(instance.key);
  context.alarms.clear(instance.key);
  instance.executionId = newExecutionId();
  instance.generation += 1;
  instance.status = 'Running';
  const input = jsonText(continuation.input);
  if (input !== 'null') instance.input = input;
  context.instances.rewrite(instance, []);
  context.instances.update(instance);
  // A null input is what the execution gets, but the status goes on showing the input before it.
  const start = startEvent(instance, at);
  context.deliver(instance.key, input === 'null' ? { ...start, Input: null } : start);
  for (const event of [...continuation.carried, ...later]) context.deliver(instance.key, event);
}

/** The message that starts an instance. Its input stands in the instance's row. */
export function startEvent(instance: Pick<Instance, 'name' | 'version'>, at: number): HistoryEvent {
  return historyEvent(EventType.ExecutionStarted, at, {
    Name: instance.name,
    Version: instance.version ?? null,
  });
}
