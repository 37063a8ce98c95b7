import type { Records } from '../clients/records/records';
import { clusterKey } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { Failure } from '../domain/outcome';
import type { RunRecord } from '../domain/records';
import { defineActivity } from './activity';
import { statusOf } from './cluster-records';

export interface ConcludeRunInput {
  readonly runId: string;
  readonly clusterId: ClusterId;
  /** Empty when the run ended before it had a plan. */
  readonly planId: string;
  readonly state: 'succeeded' | 'failed';
  readonly applied: number;
  readonly failure?: Failure;
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Writes down how a run ended and lets the cluster go. Idempotent. */
export const concludeRun = defineActivity(
  [],
  async (
    { runId, clusterId, planId, ...end }: ConcludeRunInput,
    { clients },
  ): Promise<{ readonly concluded: boolean }> => {
    const { records } = clients;
    const run = await records.get('run', runId);
    if (run) {
      const value = { ...run.value, ...end, ...(planId !== '' && { planId }) };
      await records.put('run', runId, value);
      if (value.mode === 'apply') await noteOnCluster(records, value);
    }
    await release(records, clusterKey(clusterId), runId);
    return { concluded: run !== undefined };
  },
);

async function noteOnCluster(records: Records, run: RunRecord): Promise<void> {
  const id = clusterKey(run.clusterId);
  const cluster = (await records.get('cluster', id))?.value;
  if (!cluster) return;
  const lastRun = { id: run.id, state: run.state === 'failed' ? 'failed' : 'succeeded' } as const;
  const status = statusOf(cluster.findings.length, lastRun);
  await records.put('cluster', id, { ...cluster, lastRun, status });
}

/** Lets go of the run's own claim, and of none that another run has put in its place meanwhile. */
async function release(records: Records, key: string, runId: string): Promise<void> {
  const claim = await records.get('claim', key);
  if (claim?.value.owner === runId) await records.remove('claim', key, claim.etag);
}
