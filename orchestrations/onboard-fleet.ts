import type { OnboardClusterInput } from './onboard-cluster';
import { onboardCluster } from './onboard-cluster';
import type { Run, Workflow } from './workflow';

type PerRun = 'runId' | 'clusterId' | 'ownFailure' | 'create' | 'podIdentity';

export interface OnboardFleetInput {
  /** What is still to do, in order. */
  readonly runs: readonly Pick<OnboardClusterInput, PerRun>[];
  /** What all runs share. */
  readonly shared: Omit<OnboardClusterInput, PerRun>;
  readonly done: number;
  readonly failed: number;
}

/**
 * Onboards clusters in waves: the next wave begins when the last run of this one has ended. A cluster
 * that fails is a row in the result, the others go on.
 */
export function* onboardFleet(
  workflow: Workflow,
  { runs, shared, done, failed }: OnboardFleetInput,
): Run<{ readonly done: number; readonly failed: number }> {
  const wave = runs.slice(0, shared.policy.clustersAtOnce);
  workflow.report({ step: 'wave', done, total: done + runs.length });
  const outcomes = yield* workflow.allSettled(
    wave.map((run) => workflow.child(onboardCluster, { ...shared, ...run }, run.runId)),
  );
  const failures = outcomes.filter(
    (outcome) => !outcome.ok || outcome.value.state === 'failed',
  ).length;
  const soFar = { done: done + wave.length, failed: failed + failures };
  const rest = runs.slice(wave.length);
  if (rest.length > 0) workflow.continueAsNew({ ...soFar, runs: rest, shared });
  return soFar;
}
