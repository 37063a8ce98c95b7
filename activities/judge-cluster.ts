import { clusterKey } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import { FailureError } from '../domain/outcome';
import type { Policy } from '../domain/policy';
import { identityInventory } from '../domain/identities/inventory';
import { judge, rolesOf } from '../domain/rules/judge';
import { defineActivity } from './activity';
import type { ActivityContext } from './activity';
import { recordJudgement } from './cluster-records';
import type { Occasion } from './cluster-records';
import { snapshotOf, takeSnapshot } from './take-snapshot';

export interface JudgeClusterInput extends Occasion {
  readonly clusterId: ClusterId;
  readonly policy: Policy;
  /** Run whose end is waited for; empty for none. */
  readonly afterRun: string;
}

export interface EvaluationResult {
  /** The run still works on the cluster: nothing was read. */
  readonly deferred: boolean;
  readonly findings: number;
}

/** Reads a cluster, judges it and stores the findings. A cluster that is gone is forgotten. */
export const judgeCluster = defineActivity(
  takeSnapshot.needs,
  async (input: JudgeClusterInput, context): Promise<EvaluationResult> => {
    const result = await evaluated(input, context);
    // Within another run it is one of its steps.
    if (!result.deferred && context.runId === '') context.runEnded('evaluate');
    return result;
  },
);

async function evaluated(
  input: JudgeClusterInput,
  { clients, note }: ActivityContext,
): Promise<EvaluationResult> {
  const { clusterId, policy, afterRun } = input;
  const { records } = clients;
  const key = clusterKey(clusterId);
  if (afterRun !== '') {
    const holder = await records.get('claim', key);
    if (holder?.value.owner === afterRun) {
      note({ 'steward.wait_reason': 'dependency' });
      return { deferred: true, findings: 0 };
    }
  }
  try {
    const snapshot = await snapshotOf(clients, { clusterId, policy, asOf: input.asOf });
    const judgement = judge(snapshot, { policy, asOf: input.asOf });
    await records.put('identities', key, {
      id: key,
      armId: snapshot.armId,
      evaluatedAt: input.asOf,
      identities: identityInventory(snapshot, rolesOf(snapshot, policy)),
    });
    const { findings } = await recordJudgement(records, { facts: snapshot, judgement }, input);
    note({ 'steward.rule': [...new Set(findings.map(({ rule }) => rule))] });
    return { deferred: false, findings: findings.length };
  } catch (error) {
    if (!isGone(error, clusterId)) throw error;
    await records.remove('cluster', key);
    await records.remove('identities', key);
    await records.remove('acceptance', key);
    return { deferred: false, findings: 0 };
  }
}

/** Whether it is the cluster itself that was not found, and not a pool that was deleted meanwhile. */
function isGone(error: unknown, clusterId: ClusterId): boolean {
  return (
    error instanceof FailureError &&
    error.failure.code === 'NotFound' &&
    error.failure.target === clusterId
  );
}
