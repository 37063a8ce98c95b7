import type { ClusterId } from '../domain/ids';
import { compareImages } from '../domain/node-image';
import { FailureError } from '../domain/outcome';
import type { PoolRoll } from '../domain/plan/steps';
import { settle } from './steps';
import type { Run, Workflow } from './workflow';

export interface RollNodeImagesInput {
  readonly clusterId: ClusterId;
  readonly pools: readonly PoolRoll[];
}

/**
 * Re-images node pools one after the other; a pool that fails stops the rest, which stay as they are.
 * A roll that somebody else has started is waited for, not repeated.
 *
 * @throws FailureError `NotVerified` when an operation ends well but the nodes are the old ones.
 */
export function* rollNodeImages(
  workflow: Workflow,
  { clusterId, pools }: RollNodeImagesInput,
): Run<{ readonly rolled: number }> {
  for (const [done, pool] of pools.entries()) {
    workflow.report({ step: pool.name, done, total: pools.length });
    const operation = yield* workflow.activities.startNodeImageRoll({ clusterId, pool });
    // Five minutes to begin, then at most half an hour of drain and re-image for each node.
    const deadlineMinutes = 60 + 30 * pool.nodes;
    yield* settle(workflow, operation, { suffix: pool.name, deadlineMinutes });
    yield* verify(workflow, clusterId, pool);
  }
  return { rolled: pools.length };
}

function* verify(workflow: Workflow, clusterId: ClusterId, pool: PoolRoll): Run<void> {
  const seen = yield* workflow.activities.readPool({ clusterId, pool: pool.name });
  const identity = pool.reason === 'image' || seen.usesKubeletIdentity;
  const image = compareImages(seen.imageVersion, pool.to) !== 'stale';
  if (identity && image) return;
  throw new FailureError({
    code: 'NotVerified',
    message: identity
      ? `Pool ${pool.name} still runs ${seen.imageVersion}, although Azure reports the roll as done.`
      : `The nodes of pool ${pool.name} were not re-imaged and still use the old credentials.`,
    next: identity
      ? 'Look at the pool in the Azure portal, then onboard the cluster again.'
      : 'Wait for the next weekly node image and onboard again, or replace the pool by a new one.',
    target: clusterId,
  });
}
