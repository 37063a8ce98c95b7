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
    yield* readWave(workflow, surveyId, clusterIds.slice(done, done + atOnce));
  }
  yield* workflow.activities.surveyMigration({ surveyId, clusterIds });
  return { surveyId };
}

interface Part {
  readonly clusterId: ClusterId;
  readonly from?: number;
}

/** A cluster that takes long is read in pieces. */
function* readWave(
  { activities, allSettled }: Workflow,
  surveyId: string,
  clusterIds: readonly ClusterId[],
): Run<void> {
  let parts: readonly Part[] = clusterIds.map((clusterId) => ({ clusterId }));
  while (parts.length > 0) {
    const asked = parts;
    const outcomes = yield* allSettled(
      asked.map((part) => activities.readClusterContent({ surveyId, ...part })),
    );
    parts = outcomes.flatMap((outcome, n) => {
      if (!outcome.ok) throw new FailureError(outcome.failure);
      const clusterId = asked[n]?.clusterId;
      if (outcome.value.done || clusterId === undefined) return [];
      return [{ clusterId, from: outcome.value.next }];
    });
  }
}
