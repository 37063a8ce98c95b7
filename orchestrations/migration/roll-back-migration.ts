import type { ClusterId } from '../../domain/ids';
import type { WorkloadMigration } from '../../domain/migration/document';
import type { LedgerChange } from '../../domain/migration/ledger';
import type { Json } from '../../domain/migration/snapshot';
import type { Operation } from '../../domain/operation';
import { failureOf } from '../../domain/outcome';
import type { Failure } from '../../domain/outcome';
import { registerFeature } from '../register-feature';
import { settle, waiting } from '../steps';
import type { Run, Workflow } from '../workflow';
import { holdingCluster } from './prepare-cluster';
import { restoreWorkload } from './roll-workload';

export interface RollBackMigrationInput {
  readonly migrationId: string;
  readonly clusterIds: readonly ClusterId[];
}

/** What a run is just doing when it is stopped has ended by then: its requests have shorter deadlines. */
const graceSeconds = 120;

/** Takes back what a migration has changed, cluster by cluster; what cannot be taken back stays and is reported. */
export function* rollBackMigration(
  workflow: Workflow,
  { migrationId, clusterIds }: RollBackMigrationInput,
): Run<void> {
  workflow.report({ step: 'stop', done: 0, total: clusterIds.length });
  yield* workflow.sleepSeconds(graceSeconds);
  const outcomes = yield* workflow.allSettled(
    clusterIds.map((clusterId, n) =>
      workflow.child(rollBackCluster, { migrationId, clusterId }, `c${n + 1}`),
    ),
  );
  const failures = outcomes.flatMap((one) => (one.ok ? [] : [one.failure]));
  const [failure] = failures;
  const asOf = workflow.now().toISOString();
  const end = failure
    ? ({ state: 'failed', failure } as const)
    : ({ state: 'rolled-back' } as const);
  try {
    yield* workflow.patiently.noteMigration({ migrationId, ...end, asOf });
  } catch (error) {
    throw new Error(failureOf(error).message, { cause: error }); // must not look done
  }
}

/** The last change first: rights before pod identities, pod identities before templates, templates before trust. */
export function* rollBackCluster(
  workflow: Workflow,
  { migrationId, clusterId }: { readonly migrationId: string; readonly clusterId: ClusterId },
): Run<{ readonly undone: number; readonly failure?: Failure }> {
  const place = { migrationId, clusterId };
  const { lines } = yield* workflow.patiently.readLedger(place);
  for (const [done, { id, change }] of lines.entries()) {
    workflow.report({ step: `undo ${change.kind}`, done, total: lines.length });
    if (change.kind === 'template' && isReturn(lines[done - 1])) yield* untilServed(workflow);
    yield* undo(workflow, place, { id, change, n: done + 1 });
    yield* workflow.patiently.closeLedgerLine({ id, asOf: workflow.now().toISOString() });
  }
  return { undone: lines.length };
}

const servedMinutes = 10;

function isReturn(before: { readonly change: LedgerChange } | undefined): boolean {
  const kinds = ['object', 'podIdentityProfile', 'scaleSetIdentity', 'roleAssignment', 'feature'];
  return before !== undefined && kinds.includes(before.change.kind);
}

/** Pod identity has just come back: its controller takes minutes to put identities on nodes again, and pods go back to it. */
function* untilServed(workflow: Workflow): Run<void> {
  const until = new Date(workflow.now().getTime() + servedMinutes * 60_000).toISOString();
  const text = 'Pod identity puts its identities on the nodes again';
  waiting(workflow, { reason: 'dependency', text, until });
  yield* workflow.sleepSeconds(servedMinutes * 60);
}

interface Line {
  readonly id: string;
  readonly change: LedgerChange;
  readonly n: number;
}

function* undo(
  workflow: Workflow,
  place: { readonly migrationId: string; readonly clusterId: ClusterId },
  { id, change, n }: Line,
): Run<void> {
  const { clusterId } = place;
  if (change.kind === 'template') {
    const { workload, patch } = change;
    yield* restoreWorkload(workflow, { ...place, workload: asWorkload(workload, patch) });
    const noted = { ...place, workload, state: 'rolled-back', asOf: workflow.now().toISOString() };
    yield* workflow.patiently.noteWorkload({ ...noted, state: 'rolled-back' });
    return;
  }
  if (change.kind === 'podIdentityProfile') {
    const { profile } = change;
    yield* holdingCluster(workflow, place, function* () {
      const operation = yield* patientRestore(workflow, { clusterId, profile });
      yield* settle(workflow, operation, { suffix: `undo-${n}`, deadlineMinutes: 45 });
    });
    return;
  }
  if (change.kind === 'feature') {
    const { subscriptionId, feature } = change;
    yield* workflow.child(registerFeature, { subscriptionId, feature }, `undo-${n}`);
    return;
  }
  yield* workflow.patiently.undoChange({ id, clusterId });
}

const rightsMinutes = 60;
const pollMinutes = 2;

/** Rights that have just been given back are honoured after some minutes, and the write is refused until then. */
function* patientRestore(
  workflow: Workflow,
  input: { readonly clusterId: ClusterId; readonly profile: Json },
): Run<Operation> {
  const deadline = workflow.now().getTime() + rightsMinutes * 60_000;
  for (;;) {
    try {
      return yield* workflow.patiently.restorePodIdentities(input);
    } catch (error) {
      const refused = ['Conflict', 'MissingRole', 'Forbidden'].includes(failureOf(error).code);
      if (!refused || workflow.now().getTime() >= deadline) throw error;
    }
    waiting(workflow, {
      reason: 'rbac-propagation',
      text: 'Azure does not honour the roles on the identities yet',
      until: new Date(deadline).toISOString(),
    });
    yield* workflow.sleepSeconds(pollMinutes * 60);
  }
}

/** What the ledger knows of a workload is enough to see its pods change back. */
function asWorkload(
  ref: Extract<LedgerChange, { kind: 'template' }>['workload'],
  templatePatch: Extract<LedgerChange, { kind: 'template' }>['patch'],
): WorkloadMigration {
  return {
    ...ref,
    status: 'ready',
    delivery: 'patch',
    auth: 'none',
    identities: [],
    defaultClientId: null,
    codes: [],
    templatePatch,
  };
}
