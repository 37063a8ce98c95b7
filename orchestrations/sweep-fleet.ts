import { correlationOf } from '../domain/correlation';
import type { Policy } from '../domain/policy';
import type { Run, Workflow } from './workflow';

export interface SweepFleetInput {
  readonly subscriptions: readonly string[];
  readonly policy: Policy;
  readonly cause: string;
}

export interface SweepReport {
  readonly clusters: number;
  readonly withFindings: number;
  readonly findings: number;
}

/**
 * Looks at the whole fleet through Resource Graph, page by page, and stores what the rules find.
 * Changes nothing: its data may be minutes old, and a write needs a reading of its own.
 */
export function* sweepFleet(workflow: Workflow, input: SweepFleetInput): Run<SweepReport> {
  const total = { clusters: 0, withFindings: 0, findings: 0 };
  let skipToken = '';
  const asOf = workflow.now().toISOString();
  do {
    const page = yield* workflow.activities.sweepPage({ ...input, asOf, skipToken });
    total.clusters += page.clusters;
    total.withFindings += page.withFindings;
    total.findings += page.findings;
    skipToken = page.skipToken;
    workflow.report({ step: 'sweep', done: total.clusters, total: total.clusters });
  } while (skipToken !== '');
  const { id: correlationId } = correlationOf(workflow.instanceId, asOf);
  workflow.log.info('fleet.swept', { ...total, cause: input.cause, correlationId });
  return total;
}
