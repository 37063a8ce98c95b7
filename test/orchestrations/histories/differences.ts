import { isDeepStrictEqual } from 'node:util';

import type { HistoryEvent } from '../../../host/durable/contract';
import { EventType } from '../../../host/durable/history';
import type { Decision } from '../../../host/durable/orchestrations/actions';
import type { Outcome } from '../../../host/durable/orchestrations/episode';
import type { Additions } from './additions';
import { noAdditions } from './additions';
import type { RecordedExecution } from './recorded';
import { decisionsOver, inputOf, turnsOf } from './replay';
import type { Turn } from './replay';
import { wordless, wordlessText } from './wordless';

/** What a change of an orchestration must heed, for whoever reads about a difference. */
const rule =
  'Runs in flight would break down or go astray: give the change a switch in the input, or the orchestration a new name ("Changing an orchestration" in CONTRIBUTING.md).';

/**
 * Where the code of today would not go on as a run did, from each place at which it may be in flight.
 *
 * @returns the first such place, in words; undefined when there is none.
 */
export async function differenceOf(
  execution: RecordedExecution,
  additions: Additions = noAdditions,
): Promise<string | undefined> {
  for (const turn of turnsOf(execution.history)) {
    const outcome = await decisionsOver(execution, turn.before);
    const asked = turn.asked.map((event) => wanted(event, execution));
    const got = [...outcome.decisions.map(decided), ...endOf(outcome)];
    const found =
      differenceIn(asked, got, { additions, ...execution }) ??
      otherwiseContinued(execution, turn, outcome);
    if (found)
      return `${execution.orchestration}, entry ${turn.at + found.nth}: ${found.text} ${rule}`;
  }
  return undefined;
}

/** Something an orchestrator asks for; or its end. */
interface Asked {
  readonly text: string;
  /** Of an activity or a child */
  readonly name?: string;
  readonly input?: unknown;
}

interface Difference {
  readonly nth: number;
  readonly text: string;
}

interface Allowed {
  readonly orchestration: string;
  readonly additions: Additions;
}

function differenceIn(
  asked: readonly Asked[],
  got: readonly Asked[],
  { orchestration, additions }: Allowed,
): Difference | undefined {
  if (isLonger(asked, got, additions.lastSteps[orchestration] ?? [])) return undefined;
  for (let nth = 0; nth < Math.max(asked.length, got.length); nth += 1) {
    const text = unlike(asked[nth], got[nth], additions);
    if (text !== undefined) return { nth, text };
  }
  return undefined;
}

/** Whether there are further steps in place of the end, and only such as there may be. */
function isLonger(
  asked: readonly Asked[],
  got: readonly Asked[],
  lastSteps: readonly string[],
): boolean {
  const wasEnd = asked[0]?.text.startsWith('the end') === true;
  return wasEnd && got.length > 0 && got.every(({ name }) => name && lastSteps.includes(name));
}

function unlike(
  expected: Asked | undefined,
  actual: Asked | undefined,
  additions: Additions,
): string | undefined {
  const wish = `expected ${textOf(expected)}`;
  if (expected?.text !== actual?.text) return `${wish}, got ${textOf(actual)}.`;
  const path = inputDifference(expected, actual, additions);
  return path === undefined ? undefined : `${wish} with the recorded input, got another ${path}.`;
}

function textOf(asked: Asked | undefined): string {
  return asked?.text ?? 'nothing more';
}

function wanted(event: HistoryEvent, { calledWith }: RecordedExecution): Asked {
  const { EventId: id, EventType: type } = event;
  const name = String(event['Name']);
  const input = calledWith[String(id)];
  switch (type) {
    case EventType.TaskScheduled:
      return { text: activity(id, name), name, input };
    case EventType.SubOrchestrationInstanceCreated:
      return { text: child(id, name, String(event['InstanceId'])), name, input };
    case EventType.TimerCreated:
      return { text: timer(id, String(event['FireAt'])) };
    default:
      return { text: end(event['OrchestrationStatus'], event['Result']) };
  }
}

function decided(decision: Decision): Asked {
  const { id } = decision;
  const input = inputOf(decision);
  switch (decision.kind) {
    case 'activity':
      return { text: activity(id, decision.name), name: decision.name, input };
    case 'child':
      return {
        text: child(id, decision.name, decision.instanceId ?? ''),
        name: decision.name,
        input,
      };
    case 'timer':
      return { text: timer(id, new Date(decision.fireAt).toISOString()) };
    case 'call':
    case 'signal':
    case 'lock':
    case 'release':
      return { text: `the ${decision.kind} of an entity (task ${id})` };
  }
}

function endOf({ end: ending }: Outcome): readonly Asked[] {
  return ending ? [{ text: end(ending.status, ending.output ?? null) }] : [];
}

const activity = (id: number, name: string) => `activity ${name} (task ${id})`;
const child = (id: number, name: string, instance: string) =>
  `child ${name} as ${instance} (task ${id})`;
const timer = (id: number, fireAt: string) => `timer until ${fireAt} (task ${id})`;
const end = (status: unknown, result: unknown) =>
  `the end ${String(status)} with ${wordlessText(String(result))}`;

/** @returns the property of the input that differs; undefined when none does but those that may. */
function inputDifference(
  expected: Asked | undefined,
  actual: Asked | undefined,
  { inputs }: Additions,
): string | undefined {
  const allowed = inputs[expected?.name ?? ''] ?? [];
  const [before, now] = [partsOf(expected?.input), partsOf(actual?.input)];
  const all = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...all].find(
    (key) =>
      !allowed.includes(key) && !isDeepStrictEqual(wordless(before[key]), wordless(now[key])),
  );
}

function partsOf(input: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof input === 'object' && input !== null;
  return isObject ? (input as Record<string, unknown>) : { value: input };
}

function otherwiseContinued(
  { continuedWith, history }: RecordedExecution,
  { before, asked }: Turn,
  { continuation }: Outcome,
): Difference | undefined {
  const isLast = continuedWith !== undefined && before.length + asked.length >= history.length - 1;
  const expected = isLast ? continuedWith : undefined;
  const got = continuation && (JSON.parse(JSON.stringify(continuation.input)) as unknown);
  if (isDeepStrictEqual(expected, got)) return undefined;
  const text = (input: unknown) =>
    input === undefined ? 'no new execution' : `a new execution with ${JSON.stringify(input)}`;
  return { nth: asked.length, text: `expected ${text(expected)}, got ${text(got)}.` };
}
