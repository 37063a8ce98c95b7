import type { ClusterId } from '../../domain/ids';
import { FailureError } from '../../domain/outcome';
import type { Run, Workflow } from '../workflow';

export interface SurveyClustersInput {
  readonly surveyId: string;
  readonly clusterIds: readonly ClusterId[];
}

const atOnce = 10;

/**
 * Reads clusters from inside and what Azure has around them, and keeps it under the id of the survey. Changes nothing.
 *
 * @throws FailureError of the first cluster that cannot be read: a plan with a part of the truth is none.
 */
export function* surveyClusters(
  workflow: Workflow,
  { surveyId, clusterIds }: SurveyClustersInput,
): Run<{ readonly surveyId: string }> {
  for (let done = 0; done < clusterIds.length; done += atOnce) {
    workflow.report({ step: 'survey', done, total: clusterIds.length });
    const wave = clusterIds.slice(done, done + atOnce);
    const outcomes = yield* workflow.allSettled(
      wave.map((clusterId) => workflow.activities.readClusterContent({ surveyId, clusterId })),
    );
    for (const outcome of outcomes) if (!outcome.ok) throw new FailureError(outcome.failure);
  }
  yield* workflow.activities.readFleetContent({ surveyId, clusterIds });
  return { surveyId };
}
