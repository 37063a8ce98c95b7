import type { ClusterId } from '../../domain/ids';
import type { WorkloadMigration } from '../../domain/migration/document';
import type { SoakCheck } from '../../domain/migration/soak';
import { waiting } from '../steps';
import type { Run, Workflow } from '../workflow';
import { restoreWorkload } from './roll-workload';

export interface SoakClusterInput {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
  readonly soakHours: number;
  /** What runs or is merged only now and then gets so much longer; what is left is for the next migration. */
  readonly patienceHours: number;
  /** Those that are still watched. */
  readonly workloads: readonly WorkloadMigration[];
  /** ISO time; absent at the first start. */
  readonly startedAt?: string;
  /** Workloads that were given up. */
  readonly lost?: number;
}

const pollMinutes = 30;
const pollsPerHistory = 40;

/**
 * Watches what was rolled out for as long as old tokens may live. A workload that is not well is put back and keeps its pod
 * identity.
 *
 * @returns how many are not migrated in the end.
 */
export function* soakCluster(
  workflow: Workflow,
  input: SoakClusterInput,
): Run<{ readonly left: number }> {
  const { migrationId, clusterId, soakHours, patienceHours } = input;
  const startedAt = input.startedAt ?? workflow.now().toISOString();
  const soaked = Date.parse(startedAt) + soakHours * 3_600_000;
  const patience = soaked + patienceHours * 3_600_000;
  let { workloads, lost = 0 } = input;
  for (let polls = 0; workloads.length > 0; polls += 1) {
    if (polls === pollsPerHistory) {
      workflow.continueAsNew({ ...input, startedAt, workloads, lost });
      return { left: 0 };
    }
    const end = workflow.now().getTime() >= soaked;
    const seen = yield* workflow.patiently.checkSoak({
      ...{ migrationId, clusterId, workloads, end },
      asOf: workflow.now().toISOString(),
    });
    if (seen.stopped) return { left: lost + workloads.length };
    lost += yield* putBack(workflow, input, pick(workloads, seen.broken));
    workloads = pick(workloads, watched(seen, end));
    if (workloads.length === 0 || workflow.now().getTime() >= patience) break;
    waiting(workflow, {
      reason: 'soak',
      text: end
        ? 'Jobs are to run once, or patches to be merged'
        : 'Old tokens may still be in use',
      until: new Date(end ? patience : soaked).toISOString(),
    });
    yield* workflow.sleepSeconds(pollMinutes * 60);
  }
  return { left: lost + workloads.length };
}

/** Before the end of the soak what is well is watched on. */
function watched({ waiting: late, well }: SoakCheck, end: boolean): readonly number[] {
  return end ? late : [...late, ...well].sort((one, other) => one - other);
}

function pick(
  workloads: readonly WorkloadMigration[],
  indexes: readonly number[],
): readonly WorkloadMigration[] {
  return workloads.filter((_, index) => indexes.includes(index));
}

function* putBack(
  workflow: Workflow,
  { migrationId, clusterId }: SoakClusterInput,
  workloads: readonly WorkloadMigration[],
): Run<number> {
  for (const workload of workloads) {
    if (workload.delivery === 'patch') {
      yield* restoreWorkload(workflow, { migrationId, clusterId, workload });
    }
  }
  return workloads.length;
}
