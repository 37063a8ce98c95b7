// Compiled, never run: `tsc` fails if one of the expected errors disappears.
import type { Records } from '../../clients/records/records';
import { clusterKey } from '../../domain/ids';
import type { Failure } from '../../domain/outcome';
import type { Step } from '../../domain/plan/steps';
import type { ClusterSnapshot, ClusterView } from '../../domain/snapshot';
import { retryPolicyFor } from '../../orchestrations/retry-policies';
import { armId, clusterId } from '../support/clusters';

export function idsAreBranded(): string[] {
  // @ts-expect-error: only toClusterId makes an id of a text
  return [clusterKey(clusterId), clusterKey(armId)];
}

// @ts-expect-error: a code that nobody has decided on
export const failure: Failure = { code: 'Oops', message: '' };

// @ts-expect-error: a step of an unknown kind
export const step: Step = { kind: 'deleteCluster' };

export function snapshotsAreReadOnly(snapshot: ClusterSnapshot): void {
  // @ts-expect-error: a snapshot is only looked at
  snapshot.nodePools.push();
}

export function rulesSeeThatAReadingMayBeMissing(cluster: ClusterView): number {
  // @ts-expect-error: a sweep does not read assignments
  return cluster.assignments.length;
}

export async function recordsAreTypedByTheirKind(records: Records): Promise<string | undefined> {
  // @ts-expect-error: a claim has an owner
  await records.put('claim', 'a', {});
  // @ts-expect-error: there is no such kind
  await records.get('secret', 'a');
  const run = await records.get('run', 'a');
  return run?.value.state;
}

// @ts-expect-error: no such activity
export const policy = retryPolicyFor('deleteCluster');
