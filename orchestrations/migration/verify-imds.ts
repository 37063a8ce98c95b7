import type { ClusterId } from '../../domain/ids';
import { rollNodeImages } from '../roll-node-images';
import { waiting } from '../steps';
import type { Run, Workflow } from '../workflow';

export interface VerifyImdsInput {
  readonly clusterId: ClusterId;
  /** An image with `sh` and `curl`; absent: nobody may start pods to look. */
  readonly probeImage?: string;
}

const probeMinutes = 10;
const pollSeconds = 15;

/**
 * Looks from a pod on each Linux node whether the metadata endpoint answers, now that NMI is gone, and re-images the pools
 * where it does not: NMI, killed hard, leaves a redirect to a dead port.
 *
 * @returns pools that could not be looked at, or mended: their next node image does it.
 */
export function* verifyImds(
  workflow: Workflow,
  { clusterId, probeImage }: VerifyImdsInput,
): Run<{ readonly unverified: boolean; readonly left: readonly string[] }> {
  if (probeImage === undefined) return { unverified: true, left: [] };
  workflow.report({ step: 'verifyImds', done: 0, total: 1 });
  yield* workflow.patiently.startImdsProbes({ clusterId, image: probeImage });
  const seen = yield* untilSeen(workflow, clusterId);
  yield* workflow.patiently.removeImdsProbes({ clusterId });
  if (seen.deadPools.length === 0) return { unverified: seen.pending > 0, left: [] };
  const pools = { clusterId, pools: seen.deadPools };
  const { rolls, newest } = yield* workflow.patiently.planPoolRolls(pools);
  if (rolls.length > 0) yield* workflow.child(rollNodeImages, { clusterId, pools: rolls }, 'roll');
  return { unverified: seen.pending > 0, left: newest };
}

function* untilSeen(workflow: Workflow, clusterId: ClusterId) {
  const deadline = workflow.now().getTime() + probeMinutes * 60_000;
  for (;;) {
    const seen = yield* workflow.patiently.readImdsProbes({ clusterId });
    if (seen.pending === 0 || workflow.now().getTime() >= deadline) return seen;
    waiting(workflow, { reason: 'dependency', text: `${seen.pending} probes have not begun yet` });
    yield* workflow.sleepSeconds(pollSeconds);
  }
}
