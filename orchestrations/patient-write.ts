import type { Operation } from '../domain/operation';
import { FailureError } from '../domain/outcome';
import { waiting } from './steps';
import type { Durable, Run, Workflow } from './workflow';

// Azure documents up to 60 minutes until it honours the rights of a cluster's identity.
const patienceMinutes = 60;
const pollMinutes = 5;

/**
 * Asks for a write until Azure takes it, where it may still refuse for roles that this very run has
 * assigned: nobody can test another principal's access, so Azure's own check is the evidence.
 *
 * @throws FailureError of any other refusal, and of this one after an hour or where no role is new.
 */
export function* patientWrite(
  workflow: Workflow,
  rolesAreNew: boolean,
  ask: () => Durable<Operation>,
): Run<Operation> {
  const deadline = workflow.now().getTime() + patienceMinutes * 60_000;
  for (;;) {
    try {
      return yield* ask();
    } catch (error) {
      const late = workflow.now().getTime() >= deadline;
      if (!rolesAreNew || late || !isForRoles(error)) throw error;
    }
    waiting(workflow, {
      reason: 'rbac-propagation',
      text: 'Azure does not honour the new roles everywhere yet',
      until: new Date(deadline).toISOString(),
    });
    yield* workflow.sleepSeconds(pollMinutes * 60);
  }
}

function isForRoles(error: unknown): boolean {
  if (!(error instanceof FailureError)) return false;
  return ['MissingRole', 'Forbidden'].includes(error.failure.code);
}
