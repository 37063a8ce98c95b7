import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import { settle } from './steps';
import type { Run, Workflow } from './workflow';

export interface RetirePodIdentityInput {
  readonly clusterId: ClusterId;
  /** `namespace/name` of the entries the plan was approved with. */
  readonly deadEntries: readonly string[];
  /** Those that go although their identities exist. */
  readonly liveEntries?: readonly string[];
}

/**
 * Turns the pod-identity add-on off in one write that takes its entries along: with a dead entry
 * left in, Azure refuses every other write of the cluster.
 *
 * @throws FailureError `PodIdentityInUse` when an entry has come up that the plan did not know.
 */
export function* retirePodIdentity(
  workflow: Workflow,
  input: RetirePodIdentityInput,
): Run<{ readonly retired: boolean }> {
  const { activities } = workflow;
  const { clusterId } = input;
  const operation = yield* activities.disablePodIdentity(input);
  yield* settle(workflow, operation, { suffix: 'disable', deadlineMinutes: 60 });

  const { podIdentity } = yield* activities.readCluster({ clusterId });
  if (!podIdentity.enabled && podIdentity.entries.length === 0) return { retired: true };
  throw new FailureError({
    code: 'NotVerified',
    message: 'Azure reports the change as done, but the pod-identity add-on is still on.',
    next: 'Look at podIdentityProfile of the cluster, then onboard it again.',
    target: clusterId,
  });
}
