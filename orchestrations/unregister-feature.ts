import { isGone } from '../domain/feature-state';
import type { FeatureInput } from './register-feature';
import { changeOf, waitForState } from './register-feature';
import type { Run, Workflow } from './workflow';

/**
 * Unregisters a flag, if no cluster of the subscription uses it any more. Of several clusters that
 * stop using it at the same time the last one finds it free.
 *
 * @returns the clusters that still use the flag; with any, nothing was changed.
 */
export function* unregisterFeature(
  workflow: Workflow,
  input: FeatureInput,
): Run<{ usedBy: number }> {
  const { activities } = workflow;
  const asked = yield* activities.withdrawFeature(changeOf(workflow, input));
  if (asked.usedBy > 0) return { usedBy: asked.usedBy };
  yield* waitForState(workflow, input, { state: asked.state, settled: isGone });
  if (asked.owned)
    yield* activities.registerProvider({ ...changeOf(workflow, input), verb: 'unregister' });
  return { usedBy: 0 };
}
