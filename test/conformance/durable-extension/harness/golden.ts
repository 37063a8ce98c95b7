import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Invocation } from '../scenarios/recorder';
import { normalised, withoutStacks } from './normalised';
import { idFrom } from './play';

/** Calls of orchestrators as the real extension made them, one for each execution: the last. */
export const goldenFile = join(__dirname, '../recordings/extension-3.19.0.jsonl');

/** One step after the other, so that every run comes to the same history. */
export const goldenScenarios: readonly string[] = [
  'a chain of five',
  'retries until it succeeds',
  'retries that are used up',
  'retries of a child',
  'a child with a given id and one without',
  'the failure of a child',
  'a timer that is cancelled',
  'a timer of seven days',
  'an event in time',
  'three events in turn',
  'five rounds',
  'a status that is set once',
  'an entity that is signalled, called and asked',
  'a lock on two entities',
  'a call that is polled until it is done',
  'an instance that is suspended and resumed',
  'a failed instance that is rewound',
  'work after a failure and a drain',
  'a pending task in a second compound (H1)',
];

interface HistoryEvent {
  readonly EventType: number;
  readonly Name?: string;
}

interface Trigger {
  readonly instanceId: string;
  readonly parentInstanceId: string | null;
  readonly history: readonly HistoryEvent[];
}

interface Call extends Invocation {
  readonly input: Trigger;
}

export interface Golden extends Call {
  readonly scenario: string;
}

/** None for a file that is not there. */
export function readInvocations<T extends Invocation>(file: string): T[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}

/** What is kept of a recorded run, in an order that does not depend on the run. */
export function toGoldens(invocations: readonly Invocation[]): Golden[] {
  const calls = (invocations as Call[]).filter(
    ({ kind, input }) => kind === 'orchestration' && !isTerminated(input),
  );
  return goldenScenarios.flatMap((scenario) => {
    const prefix = new RegExp(`^${idFrom(scenario)}(?:-\\d|$)`);
    const own = calls.filter(
      ({ input }) => prefix.test(input.instanceId) || prefix.test(input.parentInstanceId ?? ''),
    );
    const instances = [...new Set(own.map(({ input }) => input.instanceId))];
    return instances
      .flatMap((id) => lastOfExecutions(own.filter(({ input }) => input.instanceId === id)))
      .map((call) => JSON.parse(withoutStacks(JSON.stringify({ scenario, ...call }))) as Golden);
  });
}

/** What an orchestrator says then counts no longer; the local host does not ask. */
function isTerminated({ history }: Trigger): boolean {
  return history.some(({ EventType }) => EventType === 3);
}

/** A history that is shorter than the one before belongs to a new execution. */
function lastOfExecutions(calls: readonly Call[]): Call[] {
  return calls.filter(({ input }, index) => {
    const next = calls[index + 1]?.input.history;
    return next === undefined || next.length <= input.history.length;
  });
}

const compared = [
  ...['EventType', 'EventId', 'Name', 'TaskScheduledId', 'TimerId', 'Result', 'Reason'],
  'InstanceId',
] as const;
const marksOfEpisodes = [12, 13];

/** What must be the same in every run and on both engines: what happened, and what it led to. */
export function essence({ scenario, ...call }: Golden): unknown {
  const history = call.input.history
    .filter(({ EventType }) => !marksOfEpisodes.includes(EventType))
    .map((event) =>
      compared.map((field) => (event as unknown as Record<string, unknown>)[field] ?? null),
    );
  const { instanceId, parentInstanceId } = call.input;
  return normalised({
    ...{ scenario, function: call.function, instanceId, parentInstanceId, history },
    answer: call.error === undefined ? withoutLockIds(call.result) : stateIn(call.error),
  });
}

/** The SDK names each lock; the extension does not use the name, the local host does. */
function withoutLockIds(result: unknown): unknown {
  const text = JSON.stringify(result, (key, value: unknown) =>
    key === 'lockRequestId' ? undefined : value,
  );
  return JSON.parse(text) as unknown;
}

/** A failing orchestrator's state stands at the end of the message. */
function stateIn(message: string): unknown {
  const [, state = message] = message.split('$OutOfProcData$:');
  return state;
}
