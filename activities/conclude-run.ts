import { clusterKey } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { Failure } from '../domain/outcome';
import { defineActivity } from './activity';
import { release } from './claims';
import { noteLastRun } from './cluster-records';

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
    { clients, runEnded },
  ): Promise<{ readonly concluded: boolean }> => {
    const { records } = clients;
    const run = await records.get('run', runId);
    if (run) {
      const value = { ...run.value, ...end, ...(planId !== '' && { planId }) };
      await records.put('run', runId, value);
      if (value.mode === 'apply') {
        await noteLastRun(records, clusterId, { id: runId, state: end.state });
      }
    }
    await release(records, clusterKey(clusterId), runId);
    runEnded(run?.value.mode ?? 'run', end.failure);
    return { concluded: run !== undefined };
  },
);
