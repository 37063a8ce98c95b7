import type { Approval } from '../../domain/migration/approvals';
import type { MigrationOptions } from '../../domain/migration/options';
import type { ClusterId } from '../../domain/ids';
import { failureOf } from '../../domain/outcome';
import type { Policy } from '../../domain/policy';
import type { Run, Workflow } from '../workflow';
import { migrateCluster } from './migrate-cluster';
import type { ClusterEnd } from './migrate-cluster';

export interface MigrateFleetInput {
  readonly migrationId: string;
  readonly clusterIds: readonly ClusterId[];
  readonly clustersAtOnce: number;
  readonly options: MigrationOptions;
  readonly approvals: readonly Approval[];
  readonly policy: Policy;
  /** What earlier waves have come to. */
  readonly ends: readonly ClusterEnd['state'][];
}

/**
 * Carries out the approved plan of a migration in all its clusters, in waves. A cluster that fails is a row in the result,
 * the others go on.
 */
export function* migrateFleet(workflow: Workflow, input: MigrateFleetInput): Run<void> {
  const { migrationId, clusterIds, clustersAtOnce, ends, ...shared } = input;
  const wave = clusterIds.slice(0, clustersAtOnce);
  workflow.report({ step: 'wave', done: ends.length, total: ends.length + clusterIds.length });
  const outcomes = yield* workflow.allSettled(
    wave.map((clusterId, n) =>
      workflow.child(
        migrateCluster,
        { migrationId, clusterId, ...shared },
        `c${ends.length + n + 1}`,
      ),
    ),
  );
  const soFar = [...ends, ...outcomes.map((one) => (one.ok ? one.value.state : 'failed'))];
  const rest = clusterIds.slice(wave.length);
  if (rest.length > 0) {
    workflow.continueAsNew({ ...input, clusterIds: rest, ends: soFar });
    return;
  }
  const state = together(soFar);
  const asOf = workflow.now().toISOString();
  try {
    yield* workflow.activities.noteMigration({ migrationId, state, asOf });
  } catch (error) {
    throw new Error(failureOf(error).message, { cause: error }); // must not look done
  }
}

/** Migrated is what is migrated everywhere. */
function together(ends: readonly ClusterEnd['state'][]): ClusterEnd['state'] {
  if (ends.every((one) => one === 'succeeded')) return 'succeeded';
  if (ends.every((one) => one === 'rolled-back')) return 'rolled-back';
  return ends.every((one) => one === 'failed') ? 'failed' : 'partial';
}
