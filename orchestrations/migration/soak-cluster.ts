import type { ClusterId } from '../../domain/ids';
import type { WorkloadMigration } from '../../domain/migration/document';
import { waiting } from '../steps';
import type { Run, Workflow } from '../workflow';
import { restoreWorkload } from './roll-workload';

export interface SoakClusterInput {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
  readonly soakHours: number;
  /** What runs or is merged only now and then gets so much longer; what is left is for the next migration. */
  readonly patienceHours: number;
  /** Those that are still watched: `Kind/namespace/name`. */
  readonly workloads: readonly string[];
  /** ISO time; absent at the first start. */
  readonly startedAt?: string;
  /** Workloads that were given up, and the time of the last look: of a history before. */
  readonly lost?: number;
  readonly lookedAt?: string;
}

const pollMinutes = 30;
const pollsPerHistory = 50; // a day and a bit

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
  const startedAt = input.startedAt ?? workflow.now().toISOString();
  let state = watchedBefore(input, startedAt);
  for (let polls = 0; polls < pollsPerHistory; polls += 1) {
    if (state.workloads.length === 0) return { left: state.lost };
    const end = Date.parse(startedAt) + input.soakHours * 3_600_000;
    const over = workflow.now().getTime() >= end;
    const next = yield* look(workflow, input, { ...state, over });
    if (next === 'stopped') return { left: state.lost + state.workloads.length };
    state = next;
    const patience = end + input.patienceHours * 3_600_000;
    if (over && workflow.now().getTime() >= patience) {
      return { left: state.lost + state.workloads.length };
    }
    if (state.workloads.length > 0) yield* pause(workflow, over ? patience : end, over);
  }
  workflow.continueAsNew({ ...input, startedAt, ...state });
  return { left: 0 };
}

function watchedBefore(input: SoakClusterInput, startedAt: string): Watched {
  const { workloads, lost = 0, lookedAt = startedAt } = input;
  return { workloads, lost, lookedAt };
}

interface Watched {
  readonly workloads: readonly string[];
  /** Workloads that were given up. */
  readonly lost: number;
  /** ISO time of the last look. */
  readonly lookedAt: string;
}

/** @returns what is still to be watched; before the end of the soak what is well is, too. */
function* look(
  workflow: Workflow,
  input: SoakClusterInput,
  { workloads, lost, lookedAt, over }: Watched & { readonly over: boolean },
): Run<Watched | 'stopped'> {
  const { migrationId, clusterId } = input;
  const asOf = workflow.now().toISOString();
  const check = { migrationId, clusterId, workloads, end: over, since: lookedAt, asOf };
  const seen = yield* workflow.patiently.checkSoak(check);
  if (seen.stopped) return 'stopped';
  yield* putBack(workflow, input, seen.broken);
  const left = over ? seen.waiting : [...seen.waiting, ...seen.well].sort((a, b) => a - b);
  return { workloads: pick(workloads, left), lost: lost + seen.broken.length, lookedAt: asOf };
}

function* pause(workflow: Workflow, until: number, over: boolean): Run<void> {
  waiting(workflow, {
    reason: 'soak',
    text: over ? 'Jobs are to run once, or patches to be merged' : 'Old tokens may still be in use',
    until: new Date(until).toISOString(),
  });
  yield* workflow.sleepSeconds(pollMinutes * 60);
}

function pick(workloads: readonly string[], indexes: readonly number[]): readonly string[] {
  return workloads.filter((_, index) => indexes.includes(index));
}

function* putBack(
  workflow: Workflow,
  { migrationId, clusterId }: SoakClusterInput,
  workloads: readonly WorkloadMigration[],
): Run<void> {
  for (const workload of workloads.filter(({ delivery }) => delivery === 'patch')) {
    const place = { migrationId, clusterId, workload };
    yield* restoreWorkload(workflow, place);
    const asOf = workflow.now().toISOString();
    yield* workflow.patiently.noteWorkload({ ...place, state: 'rolled-back', asOf });
  }
}
