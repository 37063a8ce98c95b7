import type { Operation } from '../domain/operation';
import type { Wait } from '../domain/progress';
import { waitForOperation } from './wait-for-operation';
import type { Run, Workflow } from './workflow';

/** Sets the deadline of an operation, says what is being waited for, and waits. */
export function* settle(
  workflow: Workflow,
  operation: Operation,
  { suffix, deadlineMinutes }: { readonly suffix: string; readonly deadlineMinutes: number },
): Run<void> {
  if (operation.status === 'succeeded') return;
  const deadline = new Date(workflow.now().getTime() + deadlineMinutes * 60_000).toISOString();
  waiting(workflow, {
    reason: 'operation-in-progress',
    text: `Azure works on the ${operation.title}`,
    until: deadline,
  });
  yield* workflow.child(waitForOperation, { operation, deadline }, `wait-${suffix}`);
}

/** Publishes what a step waits for; the run's own status names the step. */
export function waiting(workflow: Workflow, wait: Wait): void {
  workflow.report({ step: 'wait', done: 0, total: 1, wait });
}
