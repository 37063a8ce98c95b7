import type { ClusterId } from '../../domain/ids';
import type { CutPlan } from '../../domain/migration/cut';
import { FailureError } from '../../domain/outcome';
import type { Failure } from '../../domain/outcome';
import { waiting } from '../steps';
import type { Run, Workflow } from '../workflow';

export interface UninstallInput {
  readonly migrationId: string;
  readonly clusterId: ClusterId;
}

const softMinutes = 5;
const unassignMinutes = 20;
const pollSeconds = 30;

/**
 * Takes an open-source installation of pod identity out of a cluster: first its bindings, out of reach and only then deleted;
 * then, with the controller still there to take identities off the nodes, what is assigned; then the installation
 * itself.
 *
 * @returns what is left to the owner of a Helm release; nothing when all is gone.
 */
export function* uninstallPodIdentity(
  workflow: Workflow,
  { migrationId, clusterId }: UninstallInput,
  { installMode, podIdentities, retire, scaleSets }: CutPlan,
): Run<Failure | undefined> {
  if (installMode === 'none') return undefined;
  const place = { migrationId, clusterId };
  if (podIdentities.length > 0) {
    workflow.report({ step: 'deleteBindings', done: 0, total: 1 });
    const bindings = { ...place, identities: podIdentities };
    const { parked } = yield* workflow.patiently.parkBindings(bindings);
    if (parked > 0) yield* workflow.sleepSeconds(softMinutes * 60);
    yield* workflow.patiently.deleteBindings(bindings);
    if (installMode === 'oss-standard') yield* untilUnassigned(workflow, clusterId, podIdentities);
  }
  for (const { id: scaleSetId, identityIds } of scaleSets) {
    const change = { ...place, scaleSetId, identityIds };
    yield* workflow.patiently.removeScaleSetIdentities(change);
  }
  if (!retire) return undefined;
  for (const part of ['mic', 'nmi'] as const) {
    workflow.report({ step: `uninstall ${part}`, done: 0, total: 1 });
    const { keptBy } = yield* workflow.patiently.uninstallPart({ ...place, part });
    if (keptBy !== null) return keptByHelm(keptBy, clusterId);
  }
  yield* workflow.patiently.removePodIdentityCrds(place);
  return undefined;
}

/** The controller takes an identity off the nodes in about a minute, and only while it runs. */
function* untilUnassigned(
  workflow: Workflow,
  clusterId: ClusterId,
  identities: readonly string[],
): Run<void> {
  const deadline = workflow.now().getTime() + unassignMinutes * 60_000;
  for (;;) {
    const { left } = yield* workflow.patiently.readBindings({ clusterId, identities });
    if (left === 0) return;
    if (workflow.now().getTime() >= deadline) {
      throw new FailureError({
        code: 'NotVerified',
        message: `${left} identities are still assigned to pods, though no binding is left.`,
        next: 'Look at the log of the mic pods; identities stay on the nodes until they succeed.',
        target: clusterId,
      });
    }
    waiting(workflow, { reason: 'dependency', text: 'Identities are taken off the nodes' });
    yield* workflow.sleepSeconds(pollSeconds);
  }
}

function keptByHelm(release: string, target: ClusterId): Failure {
  return {
    code: 'OwnedElsewhere',
    message: `The Helm release ${release} keeps pod identity, and would bring it back.`,
    next: `Uninstall the release (helm uninstall ${release}), then apply the migration again.`,
    target,
  };
}
