import type { DurableOrchestrationStatus } from 'durable-functions';

import type { Progress } from '../domain/progress';
import type { RunRecord } from '../domain/records';

/** Instance id of the step that a run is at: a child, numbered as in the plan. */
export function stepOf(
  { instanceId }: RunRecord,
  instance: DurableOrchestrationStatus | undefined,
): string | undefined {
  const progress = progressOf(instance);
  return progress && `${instanceId}.${progress.done + 1}`;
}

/** What an instance says that it is doing. */
export function progressOf(instance: DurableOrchestrationStatus | undefined): Progress | undefined {
  return (instance?.customStatus as Progress | null | undefined) ?? undefined;
}
