import type { Operation } from '../domain/operation';
import { FailureError } from '../domain/outcome';
import type { Run, Workflow } from './workflow';

export interface WaitForOperationInput {
  readonly operation: Operation;
  /** ISO time after which a still running operation is given up. */
  readonly deadline: string;
}

// Every turn of a loop is replayed with all turns before it, so the history is cut now and then.
const pollsPerHistory = 50;

/**
 * Waits for a long-running ARM operation on durable timers: no function stays busy, and a restart
 * goes on polling where it was. An operation is asked once more before it is given up, however late.
 *
 * @throws FailureError `OperationFailed` with Azure's own reason, or `DeadlineExceeded`; Azure may
 * still finish the operation afterwards.
 */
export function* waitForOperation(
  workflow: Workflow,
  { operation, deadline }: WaitForOperationInput,
): Run<{ readonly done: boolean }> {
  const { activities, now, sleepSeconds } = workflow;
  let current = operation;
  for (let polls = 0; current.status === 'running'; polls += 1) {
    if (polls === pollsPerHistory) {
      workflow.continueAsNew({ operation: current, deadline });
      return { done: false };
    }
    yield* sleepSeconds(current.pollAfterSeconds);
    const late = now().getTime() > Date.parse(deadline);
    const { title, target } = current;
    current = yield* activities.pollOperation({ operation: current });
    if (current.status === 'running' && late) throw tooLate(title, target);
  }
  return { done: true };
}

function tooLate(title: string, target: string): FailureError {
  return new FailureError({
    code: 'DeadlineExceeded',
    message: `The ${title} did not finish in time.`,
    next: 'Look at the resource in the Azure portal; once it is idle, onboard the cluster again.',
    target,
  });
}
