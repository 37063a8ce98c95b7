import { differenceOf, type Difference, differenceOfSets } from './difference';
import type { CollectStep } from './recording';
import type { Templates } from './template';
import type { Answer } from './wire';

/** What this run shows of an instance. */
export interface Collected {
  readonly answer: Answer;
  /** Name and input of every activity that really ran */
  readonly runs: readonly { readonly name: string; readonly input: unknown }[];
}

/** State, history, and what really ran; not how messages fell into episodes. */
export function differenceOfInstances(
  templates: Templates,
  step: CollectStep,
  { answer, runs }: Collected,
): Difference | undefined {
  if (answer.status !== step.httpStatus) {
    return { path: 'httpStatus', expected: step.httpStatus, actual: answer.status };
  }
  const inputs = runs.map(({ name, input }) => [name, input]);
  return (
    (answer.status === 404 ? undefined : differenceOfStatus(templates, step, answer)) ??
    differenceOf(templates, [step.activityRuns, countRuns(runs)], 'activityRuns') ??
    (ranInParallel(step)
      ? differenceOfSets(templates, step.runInputs, inputs)
      : differenceOf(templates, [step.runInputs, inputs], 'runInputs'))
  );
}

function differenceOfStatus(
  templates: Templates,
  step: CollectStep,
  answer: Answer,
): Difference | undefined {
  const { historyEvents, ...status } = answer.json() as Record<string, unknown>;
  const history = (historyEvents ?? []) as Record<string, unknown>[];
  return (
    differenceOf(templates, [step.status, status], 'status') ??
    differenceOf(templates, [(step.history ?? []).map(titleOf), history.map(titleOf)], 'history')
  );
}

/** Type and name of an entry. */
function titleOf(event: Readonly<Record<string, unknown>>): string {
  const name = event['FunctionName'] ?? event['Name'] ?? '';
  return `${String(event['EventType'])} ${typeof name === 'string' ? name : ''}`.trim();
}

function countRuns(runs: Collected['runs']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name } of runs) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Whether the recording shows activities at the same time: then the order of inputs is chance. */
function ranInParallel({ episodes }: CollectStep): boolean {
  const histories = (episodes ?? []).flatMap(({ trigger }) => {
    const history = (trigger as { history?: unknown } | undefined)?.history;
    return Array.isArray(history) ? [history as { EventType: number }[]] : [];
  });
  const last = histories.at(-1);
  if (!last) return true;
  let open = 0;
  for (const { EventType } of last) {
    if (EventType === 4) open += 1;
    if (EventType === 5 || EventType === 6) open -= 1;
    if (open > 1) return true;
  }
  return false;
}
