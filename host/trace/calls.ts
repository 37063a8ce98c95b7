import { httpActivity } from '../durable/orchestrations/actions';
import type { HistoryEvent, InstanceTrace } from '../durable/contract';
import { EventType } from '../durable/history';
import { type JsonObject, isObject, tryParse } from '../json';
import { isTerminal } from '../durable/instance';
import { type Call, type Entry, firstLine, some, textOf, timeOf } from './entry';

type Shown = Omit<Entry, 'at' | 'afterMs'>;

/** A call with its ending. */
export function toCall(call: Call, trace: InstanceTrace): Shown {
  switch (call.event.EventType) {
    case EventType.TimerCreated:
      return toTimer(call, trace);
    case EventType.EventSent:
      return toMessage(call);
    default:
      return toFunctionCall(call);
  }
}

function toFunctionCall({ event, ending }: Call): Shown {
  const name = String(event['Name']);
  const isChild = event.EventType === EventType.SubOrchestrationInstanceCreated;
  const input = textOf(event['CalledWith']);
  const http = name === httpActivity ? tryParse(input ?? '') : undefined;
  return {
    what: isChild ? 'child' : name === httpActivity ? 'http' : 'activity',
    name: isObject(http) ? `${String(http['method'])} ${String(http['uri'])}` : name,
    id: event.EventId,
    ...some('instanceId', isChild ? textOf(event['InstanceId']) : undefined),
    ...attemptOf(event),
    ...(isObject(http) ? {} : some('input', input)),
    ...outcomeOf(event, ending),
  };
}

function attemptOf(event: HistoryEvent): Pick<Shown, 'attempt'> {
  return typeof event['Attempt'] === 'number' ? { attempt: event['Attempt'] } : {};
}

function outcomeOf(event: HistoryEvent, ending: HistoryEvent | undefined): Partial<Shown> {
  if (ending === undefined) return { state: 'open' };
  const tookMs = spanOf(event, ending);
  const failed =
    ending.EventType === EventType.TaskFailed ||
    ending.EventType === EventType.SubOrchestrationInstanceFailed;
  if (failed) return { state: 'failed', tookMs, failure: failureOf(ending) };
  return { state: 'done', tookMs, ...some('result', textOf(ending['Result'])) };
}

/** A run of an orchestrator may be stamped later than the clock, so that its time never runs back. */
function spanOf(event: HistoryEvent, ending: HistoryEvent): number {
  return Math.max(0, timeOf(ending) - timeOf(event));
}

function failureOf(ending: HistoryEvent): string {
  const details = ending['FailureDetails'];
  const structured = isObject(details) ? textOf(details['ErrorMessage']) : undefined;
  const reason = firstLine(textOf(ending['Reason']) ?? structured) ?? 'without a reason';
  return reason.replace(/^\w+ function '[^']*' failed: /, ''); // the entry names it
}

function toTimer({ event, ending }: Call, { instance, timers }: InstanceTrace): Shown {
  const dueAt = String(event['FireAt']);
  const isOpen = !isTerminal(instance.runtimeStatus) && timers.includes(event.EventId);
  return {
    what: event['Attempt'] === undefined ? 'timer' : 'retry delay',
    id: event.EventId,
    ...attemptOf(event),
    dueAt,
    ...(ending === undefined
      ? { state: isOpen ? 'open' : 'cancelled' }
      : { state: 'done', tookMs: spanOf(event, ending) }),
  };
}

/** A message to an entity; signals and releases are not answered. */
function toMessage({ event, ending }: Call): Shown {
  const parsed = tryParse(textOf(event['Input']) ?? '');
  const body = isObject(parsed) ? parsed : {};
  const what = messageKind(String(event['Name']), body);
  const operation = textOf(body['op']);
  const entity = String(event['InstanceId']);
  const isAnswered = what === 'entity call' || what === 'entity lock';
  return {
    what,
    name: operation === undefined ? entity : `${entity} ${operation}`,
    id: event.EventId,
    ...some('input', textOf(body['input'])),
    ...(isAnswered ? answerOf(event, ending) : {}),
  };
}

function messageKind(name: string, body: JsonObject): Entry['what'] {
  if (name === 'release') return 'entity release';
  if (body['lockset'] !== undefined) return 'entity lock';
  return body['signal'] === true ? 'entity signal' : 'entity call';
}

function answerOf(event: HistoryEvent, ending: HistoryEvent | undefined): Partial<Shown> {
  if (ending === undefined) return { state: 'open' };
  const tookMs = spanOf(event, ending);
  const parsed = tryParse(textOf(ending['Input']) ?? '');
  const answer = isObject(parsed) ? parsed : {};
  const result = textOf(answer['result']);
  if (answer['exceptionType'] !== undefined) {
    return { state: 'failed', tookMs, ...some('failure', firstLine(result)) };
  }
  return { state: 'done', tookMs, ...some('result', result) };
}
