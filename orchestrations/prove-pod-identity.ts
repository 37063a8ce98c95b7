import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import { waiting } from './steps';
import type { Run, Workflow } from './workflow';

export interface ProvePodIdentityInput {
  readonly clusterId: ClusterId;
  readonly namespace: string;
  readonly name: string;
}

const minutes = 10;
const pollSeconds = 15;

/**
 * Proves that pods get tokens of a pod identity: a demo workload asks for one, and is taken away again.
 *
 * @throws FailureError `NotVerified` with what the demo wrote.
 */
export function* provePodIdentity(
  workflow: Workflow,
  { clusterId, namespace, name }: ProvePodIdentityInput,
): Run<{ readonly proof: string }> {
  const pod = `steward-demo-${workflow.instanceId.slice(-8).toLowerCase()}`;
  const demo = { clusterId, namespace, name, pod };
  yield* workflow.activities.startDemoPod(demo);
  try {
    return { proof: yield* untilPassed(workflow, demo) };
  } finally {
    yield* workflow.patiently.removeDemoPod(demo);
  }
}

function* untilPassed(
  workflow: Workflow,
  demo: ProvePodIdentityInput & { readonly pod: string },
): Run<string> {
  const deadline = workflow.now().getTime() + minutes * 60_000;
  for (;;) {
    const { state, line } = yield* workflow.activities.readDemoPod(demo);
    if (state === 'passed') return line;
    if (state === 'failed' || workflow.now().getTime() >= deadline) {
      throw new FailureError({
        code: 'NotVerified',
        message: `A pod with ${demo.namespace}/${demo.name} gets no token: ${line === '' ? 'it did not begin' : line}`,
        next: 'Look at the pods of NMI and at the role of the cluster on the identity.',
        target: demo.clusterId,
      });
    }
    waiting(workflow, { reason: 'dependency', text: 'The demo workload has no token yet' });
    yield* workflow.sleepSeconds(pollSeconds);
  }
}
