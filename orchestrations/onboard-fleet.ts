import type { OnboardClusterInput } from './onboard-cluster';
import { onboardCluster } from './onboard-cluster';
import type { Run, Workflow } from './workflow';

export interface OnboardFleetInput {
  /** What is still to do, in order. */
  readonly runs: readonly OnboardClusterInput[];
  /** Clusters that are changed at the same time. */
  readonly clustersAtOnce: number;
  readonly done: number;
  readonly failed: number;
}

/**
 * Onboards clusters in waves: the next wave begins when the last run of this one has ended. A cluster
 * that fails is a row in the result, the others go on.
 */
export function* onboardFleet(
  workflow: Workflow,
  { runs, clustersAtOnce, done, failed }: OnboardFleetInput,
): Run<{ readonly done: number; readonly failed: number }> {
  const wave = runs.slice(0, clustersAtOnce);
  const total = done + runs.length;
  workflow.report({ step: 'wave', done, total });
  const outcomes = yield* workflow.allSettled(
    wave.map((run) => workflow.child(onboardCluster, run, run.runId)),
  );
  const failures = outcomes.filter(
    (outcome) => !outcome.ok || outcome.value.state === 'failed',
  ).length;
  const soFar = { done: done + wave.length, failed: failed + failures };
  const rest = runs.slice(wave.length);
  if (rest.length > 0) workflow.continueAsNew({ ...soFar, runs: rest, clustersAtOnce });
  return soFar;
}
