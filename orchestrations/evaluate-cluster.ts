import type { ClusterId } from '../domain/ids';
import type { Policy } from '../domain/policy';
import type { Run, Workflow } from './workflow';

export interface EvaluateClusterInput {
  readonly clusterId: ClusterId;
  readonly policy: Policy;
  /** What led to this: an event or a request. */
  readonly cause: string;
  /** A run that is changing the cluster right now: its end is waited for. */
  readonly afterRun: string;
}

const turnsPerHistory = 50;
const pollSeconds = 300;

/**
 * Reads one cluster, holds it against the rules and stores what was found. Changes nothing in Azure.
 * While a run works on the cluster the evaluation waits: what it would see is on its way to change.
 */
export function* evaluateCluster(
  workflow: Workflow,
  input: EvaluateClusterInput,
): Run<{ readonly findings: number }> {
  const { activities, now, sleepSeconds } = workflow;
  for (let turn = 0; turn < turnsPerHistory; turn += 1) {
    const result = yield* activities.judgeCluster({ ...input, asOf: now().toISOString() });
    if (!result.deferred) {
      workflow.log.info('cluster.evaluated', {
        clusterId: input.clusterId,
        cause: input.cause,
        findings: result.findings,
      });
      return { findings: result.findings };
    }
    const text = 'A run is changing the cluster';
    workflow.report({ step: 'wait', done: 0, total: 1, wait: { reason: 'dependency', text } });
    yield* sleepSeconds(pollSeconds);
  }
  workflow.continueAsNew(input);
  return { findings: 0 };
}
