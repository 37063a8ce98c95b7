import type { ClusterId } from '../../domain/ids';
import type { Approval } from '../../domain/migration/approvals';
import { refText } from '../../domain/migration/ledger';
import type { MigrationOptions } from '../../domain/migration/options';
import type { ClusterWork } from '../../domain/migration/work';
import { FailureError, failureOf } from '../../domain/outcome';
import type { Failure } from '../../domain/outcome';
import type { Policy } from '../../domain/policy';
import type { Run, Workflow } from '../workflow';
import { cutOver } from './cut-over';
import { migrateWorkload } from './migrate-workload';
import { prepareCluster } from './prepare-cluster';
import { soakCluster } from './soak-cluster';
import { trustAccounts } from './trust-accounts';

export interface MigrateClusterInput {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
  readonly options: MigrationOptions;
  readonly approvals: readonly Approval[];
  readonly policy: Policy;
}

export interface ClusterEnd {
  readonly state: 'succeeded' | 'partial' | 'failed' | 'rolled-back';
  readonly failure?: Failure;
}

/**
 * Moves the workloads of one cluster, phase by phase. Each phase checks before it changes, so the run may stop anywhere and
 * go on; what a phase changes stands in the ledger before it is changed. A workload that fails is put back as it was,
 * and keeps its pod identity; the others go on.
 */
export function* migrateCluster(workflow: Workflow, input: MigrateClusterInput): Run<ClusterEnd> {
  const { migrationId, clusterId } = input;
  let end: ClusterEnd;
  try {
    end = yield* allPhases(workflow, input);
  } catch (error) {
    const failure = failureOf(error);
    end = { state: failure.code === 'Stopped' ? 'rolled-back' : 'failed', failure };
  }
  const asOf = workflow.now().toISOString();
  yield* workflow.patiently.noteClusterEnd({ migrationId, clusterId, ...end, asOf });
  workflow.log.info('migration.cluster.ended', { migrationId, clusterId, state: end.state });
  return end;
}

function* allPhases(workflow: Workflow, input: MigrateClusterInput): Run<ClusterEnd> {
  const { migrationId, clusterId, options } = input;
  phase(workflow, 'preflight');
  const work = yield* workflow.activities.readMigrationWork({
    ...{ migrationId, clusterId },
    approvals: input.approvals,
  });
  requireGo(work, input);
  // A history of a version that knew no such check has read work without the mark.
  if (work.preflight) {
    const { approvals } = input;
    yield* workflow.activities.checkMigrationRights({ migrationId, clusterId, approvals, options });
  }
  yield* prepareCluster(workflow, { ...input, work });
  phase(workflow, 'trust');
  yield* trustAccounts(workflow, { ...input, work });
  phase(workflow, 'roll');
  const rolled = yield* rollWaves(workflow, input, work);
  phase(workflow, 'soak');
  const { soakHours, patienceHours } = options;
  const soak = { migrationId, clusterId, soakHours, patienceHours, workloads: rolled.map(refText) };
  const { left } = yield* workflow.child(soakCluster, { ...soak, polls: 0 }, 'soak');
  phase(workflow, 'cut');
  const { complete, left: failure } = yield* cutOver(workflow, input);
  const whole =
    complete && left === 0 && work.held.length === 0 && rolled.length === work.workloads.length;
  return { state: whole ? 'succeeded' : 'partial', ...(failure && { failure }) };
}

function requireGo(work: ClusterWork, { clusterId }: MigrateClusterInput): void {
  if (work.blocked) {
    throw new FailureError({
      code: 'Conflict',
      message: `${work.name} is in a state in which nothing can be migrated.`,
      next: 'Read the codes of the cluster in the plan, mend it, then plan again.',
      target: clusterId,
    });
  }
  if (work.missing.length === 0) return;
  throw new FailureError({
    code: 'ApprovalMissing',
    message: `${work.name} needs approval of ${work.missing.join(', ')}.`,
    next: 'Apply the migration again with these codes among its approvals.',
    target: clusterId,
  });
}

/** Namespace by namespace, so many at once; a workload ends its part when it begins to soak. */
function* rollWaves(
  workflow: Workflow,
  { migrationId, clusterId, options }: MigrateClusterInput,
  { workloads, proofs }: ClusterWork,
): Run<ClusterWork['workloads']> {
  const rolled: ClusterWork['workloads'][number][] = [];
  const namespaces = [...new Set(workloads.map(({ namespace }) => namespace))];
  let started = 0;
  for (const namespace of namespaces) {
    const here = workloads.filter((one) => one.namespace === namespace);
    for (let at = 0; at < here.length; at += options.maxParallel) {
      const wave = here.slice(at, at + options.maxParallel);
      const input = { migrationId, clusterId };
      const outcomes = yield* workflow.allSettled(
        wave.map((workload, n) =>
          workflow.child(
            migrateWorkload,
            { ...input, workload, proofs: proofsOf(workload, proofs) },
            `w${started + n + 1}`,
          ),
        ),
      );
      started += wave.length;
      for (const [n, outcome] of outcomes.entries()) {
        const workload = wave[n];
        if (workload && outcome.ok && outcome.value.soaks) rolled.push(workload);
      }
    }
  }
  return rolled;
}

function proofsOf(
  { namespace, serviceAccount }: ClusterWork['workloads'][number],
  proofs: ClusterWork['proofs'],
): ClusterWork['proofs'] {
  return proofs.filter((one) => one.namespace === namespace && one.account === serviceAccount);
}

function phase({ report }: Workflow, step: string): void {
  report({ step, done: 0, total: 1 });
}
