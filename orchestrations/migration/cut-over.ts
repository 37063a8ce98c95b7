import { podIdentityFeature } from '../../domain/policy';
import { clusterIdParts } from '../../domain/ids';
import type { ClusterId } from '../../domain/ids';
import type { Approval } from '../../domain/migration/approvals';
import type { CutPlan } from '../../domain/migration/cut';
import type { MigrationOptions } from '../../domain/migration/options';
import { FailureError } from '../../domain/outcome';
import type { Failure } from '../../domain/outcome';
import { retirePodIdentity } from '../retire-pod-identity';
import { settle, waiting } from '../steps';
import { unregisterFeature } from '../unregister-feature';
import type { Run, Workflow } from '../workflow';
import { holdingCluster } from './prepare-cluster';
import { surveyClusters } from './survey-clusters';
import { uninstallPodIdentity } from './uninstall-pod-identity';
import { verifyImds } from './verify-imds';

export interface CutOverInput {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
  readonly options: MigrationOptions;
  readonly approvals: readonly Approval[];
}

const goneMinutes = 20;
const pollSeconds = 30;

/**
 * Takes pod identity away from workloads that do not use it any more, then what it needed, in the one order that jams
 * nothing: pod identities, exceptions, the add-on, rights. What is decided is decided from a new reading of the cluster,
 * and never more than the approved plan has.
 *
 * @returns whether nothing of pod identity is left.
 */
export function* cutOver(
  workflow: Workflow,
  input: CutOverInput,
): Run<{ readonly complete: boolean; readonly left?: Failure }> {
  const { migrationId, clusterId, options, approvals } = input;
  const surveyId = `${migrationId}-cut-${clusterIdParts(clusterId).name}`;
  yield* workflow.child(surveyClusters, { surveyId, clusterIds: [clusterId] }, 'survey');
  const cut = yield* workflow.activities.planCut({
    ...{ migrationId, clusterId, surveyId, options, approvals },
    asOf: workflow.now().toISOString(),
  });
  if (cut.installMode === 'addon') yield* cutAddon(workflow, input, cut);
  const left =
    cut.installMode === 'addon' ? undefined : yield* uninstallPodIdentity(workflow, input, cut);
  if (left) return { complete: false, left };
  if (cut.retire) yield* checkImds(workflow, input);
  for (const grant of cut.grants) {
    workflow.report({ step: 'removeRoles', done: 0, total: cut.grants.length });
    yield* workflow.patiently.removeGrant({ migrationId, clusterId, grant });
  }
  if (cut.unregister) {
    const { subscriptionId } = clusterIdParts(clusterId);
    const flag = { subscriptionId, feature: podIdentityFeature };
    yield* workflow.patiently.rememberFeature({ migrationId, clusterId, ...flag });
    yield* workflow.child(unregisterFeature, flag, 'unregister');
  }
  return { complete: cut.complete };
}

function* cutAddon(workflow: Workflow, input: CutOverInput, cut: CutPlan): Run<void> {
  const { migrationId, clusterId } = input;
  const place = { migrationId, clusterId };
  yield* holdingCluster(workflow, place, function* () {
    if (cut.podIdentities.length > 0) {
      workflow.report({ step: 'deletePodIdentities', done: 0, total: 1 });
      const edit = { ...place, remove: cut.podIdentities, exceptions: false };
      const operation = yield* workflow.patiently.editPodIdentities(edit);
      yield* settle(workflow, operation, { suffix: 'delete', deadlineMinutes: 45 });
      yield* untilGone(workflow, clusterId, cut.podIdentities);
    }
    if (!cut.retire) return;
    workflow.report({ step: 'deleteExceptions', done: 0, total: 1 });
    const edit = { ...place, remove: [], exceptions: true };
    const operation = yield* workflow.patiently.editPodIdentities(edit);
    yield* settle(workflow, operation, { suffix: 'exceptions', deadlineMinutes: 45 });
    workflow.report({ step: 'disableAddon', done: 0, total: 1 });
    yield* workflow.child(retirePodIdentity, { clusterId, deadEntries: [] }, 'retire');
  });
}

function* checkImds(
  workflow: Workflow,
  { clusterId, options, migrationId }: CutOverInput,
): Run<void> {
  const { probeImage } = options;
  const input = { clusterId, ...(probeImage !== undefined && { probeImage }) };
  const { unverified, left } = yield* workflow.child(verifyImds, input, 'imds');
  workflow.log.info('migration.imds', { migrationId, clusterId, unverified, left: left.join(' ') });
}

/** AKS takes its objects out of the cluster after ARM has answered. */
function* untilGone(workflow: Workflow, clusterId: ClusterId, names: readonly string[]): Run<void> {
  const deadline = workflow.now().getTime() + goneMinutes * 60_000;
  for (;;) {
    const { left } = yield* workflow.patiently.readBindings({ clusterId, identities: names });
    if (left === 0) return;
    if (workflow.now().getTime() >= deadline) {
      throw new FailureError({
        code: 'NotVerified',
        message: `Azure has removed the pod identities, but ${left} of their objects are still in the cluster.`,
        next: 'Look at the add-on in kube-system, then apply the migration again.',
        target: clusterId,
      });
    }
    waiting(workflow, { reason: 'dependency', text: 'AKS removes its objects from the cluster' });
    yield* workflow.sleepSeconds(pollSeconds);
  }
}
