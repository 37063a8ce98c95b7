import type { ClusterId } from '../../domain/ids';
import type { WorkloadMigration } from '../../domain/migration/document';
import type { WorkloadState } from '../../domain/migration/states';
import type { CredentialWork } from '../../domain/migration/work';
import { FailureError, failureOf } from '../../domain/outcome';
import type { Run, Workflow } from '../workflow';
import { rollWorkload } from './roll-workload';

export interface MigrateWorkloadInput {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
  readonly workload: WorkloadMigration;
  readonly proofs: readonly CredentialWork[];
}

/**
 * Takes one workload as far as its soak: a token is proved, the future pod is rehearsed, then its template is changed
 * and rolled out behind a canary. When anything of that fails the template is put back. A workload that a
 * tool keeps is prepared, and left to its owner.
 *
 * @returns whether it has begun to soak.
 */
export function* migrateWorkload(
  workflow: Workflow,
  input: MigrateWorkloadInput,
): Run<{ readonly soaks: boolean }> {
  const { workload, proofs } = input;
  const { migrationId, clusterId } = input;
  try {
    for (const proof of proofs) {
      yield* workflow.activities.proveIdentity({ clusterId, proof });
    }
    yield* note(workflow, input, { state: 'proven' });
    const { proxyInit } = yield* workflow.activities.rehearseWorkload({ clusterId, workload });
    yield* note(workflow, input, { state: 'rehearsed' });
    if (workload.delivery === 'pull-request') {
      const reason = 'Its owner is to merge the patch; the plan has it as a file.';
      yield* note(workflow, input, { state: 'waiting', reason });
      return { soaks: true };
    }
    yield* note(workflow, input, { state: 'rolling' });
    yield* rollWorkload(workflow, { migrationId, clusterId, workload, proxyInit });
    yield* note(workflow, input, { state: 'soaking' });
    return { soaks: true };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'Stopped') throw error;
    const state = failure.code === 'RolledBack' ? 'rolled-back' : 'failed';
    yield* note(workflow, input, { state, reason: failure.message });
    return { soaks: false };
  }
}

/** @throws FailureError `Stopped` when somebody has asked to roll the migration back. */
function* note(
  workflow: Workflow,
  { migrationId, clusterId, workload }: MigrateWorkloadInput,
  change: { readonly state: WorkloadState; readonly reason?: string },
): Run<void> {
  const { kind, namespace, name } = workload;
  const asOf = workflow.now().toISOString();
  const noted = { migrationId, clusterId, workload: { kind, namespace, name }, ...change, asOf };
  const { stopped } = yield* workflow.patiently.noteWorkload(noted);
  if (!stopped || change.state === 'rolled-back') return;
  throw new FailureError({
    code: 'Stopped',
    message: 'The migration is being rolled back.',
    next: 'Wait until it is rolled back, then plan again.',
    target: clusterId,
  });
}
