import type { ClusterId } from '../../domain/ids';
import type { ClusterWork } from '../../domain/migration/work';
import { FailureError } from '../../domain/outcome';
import type { Policy } from '../../domain/policy';
import { onboardCluster } from '../onboard-cluster';
import { settle, waiting } from '../steps';
import type { Run, Workflow } from '../workflow';

export interface PrepareClusterInput {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
  readonly policy: Policy;
  readonly work: ClusterWork;
}

const readyMinutes = 15;
const pollSeconds = 20;

/**
 * Makes a cluster ready for Workload ID: takes out dead pod identities, which make Azure refuse every other write, and
 * switches the issuer and the webhook on, as far as the plan says.
 *
 * @throws FailureError `NotVerified` when Azure reports success but the issuer or the webhook does not answer.
 */
export function* prepareCluster(
  workflow: Workflow,
  { migrationId, clusterId, policy, work }: PrepareClusterInput,
): Run<void> {
  const { steps, deadPodIdentities } = work;
  const place = { migrationId, clusterId };
  if (steps.includes('removeDeadPodIdentities')) {
    workflow.report({ step: 'unjam', done: 0, total: 1 });
    yield* holdingCluster(workflow, place, function* () {
      const edit = { ...place, remove: deadPodIdentities, exceptions: false };
      const operation = yield* workflow.patiently.editPodIdentities(edit);
      yield* settle(workflow, operation, { suffix: 'unjam', deadlineMinutes: 45 });
    });
  }
  if (steps.includes('enableManagedIdentity')) {
    workflow.report({ step: 'enableManagedIdentity', done: 0, total: 1 });
    yield* leaveServicePrincipal(workflow, { ...place, policy });
  }
  const webhook = steps.some((one) => one.endsWith('WorkloadIdentity'));
  if (webhook || steps.includes('enableOidcIssuer')) {
    workflow.report({ step: 'enable', done: 0, total: 1 });
    yield* holdingCluster(workflow, place, function* () {
      const operation = yield* workflow.patiently.enableWorkloadIdentity({ clusterId, webhook });
      yield* settle(workflow, operation, { suffix: 'enable', deadlineMinutes: 45 });
    });
  }
  yield* untilReady(workflow, clusterId);
}

function* untilReady(workflow: Workflow, clusterId: ClusterId): Run<void> {
  const deadline = workflow.now().getTime() + readyMinutes * 60_000;
  for (;;) {
    const { missing } = yield* workflow.patiently.checkWorkloadIdentity({ clusterId });
    if (missing === null) return;
    if (workflow.now().getTime() >= deadline) {
      throw new FailureError({
        code: 'NotVerified',
        message: `Azure reports Workload ID as on, but ${missing}`,
        next: 'Look at the pods of the webhook in kube-system, then apply the migration again.',
        target: clusterId,
      });
    }
    waiting(workflow, {
      reason: 'dependency',
      text: missing,
      until: new Date(deadline).toISOString(),
    });
    yield* workflow.sleepSeconds(pollSeconds);
  }
}

/** Only one run at a time changes a cluster; what is done inside of it needs no such thing. */
export function* holdingCluster(
  workflow: Workflow,
  { migrationId, clusterId }: Pick<PrepareClusterInput, 'migrationId' | 'clusterId'>,
  work: () => Run<void>,
): Run<void> {
  const asOf = workflow.now().toISOString();
  yield* workflow.patiently.holdCluster({ migrationId, clusterId, asOf });
  try {
    yield* work();
  } finally {
    yield* workflow.patiently.releaseCluster({ migrationId, clusterId });
  }
}

/**
 * The identity switch is the one that onboarding does, with its roles, its node images and its evidence; of the policy only
 * what is about identity and roles counts here.
 */
function* leaveServicePrincipal(
  workflow: Workflow,
  { migrationId, clusterId, policy }: Omit<PrepareClusterInput, 'work'>,
): Run<void> {
  const runId = migrationId.replace('mig_', 'run_');
  const own = { ...policy, features: { required: [], forbidden: [] } };
  const keeping = { ...own, podIdentity: { ...policy.podIdentity, keepAlive: true } };
  const input = { runId, clusterId, mode: 'apply', requestedBy: migrationId } as const;
  const report = yield* workflow.child(
    onboardCluster,
    { ...input, policy: keeping, ownFailure: false },
    runId,
  );
  if (report.failure) throw new FailureError(report.failure);
}
