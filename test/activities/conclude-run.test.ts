import { concludeRun } from '../../activities/conclude-run';
import type { ConcludeRunInput } from '../../activities/conclude-run';
import { judgeCluster } from '../../activities/judge-cluster';
import { clusterKey } from '../../domain/ids';
import { aPolicy, clusterId } from '../support/clusters';
import { aRunRecord } from '../support/services';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import { anOldWireCluster } from './support/resources';

const key = clusterKey(clusterId);
const startedAt = '2026-11-24T08:00:00.000Z';
const endedAt = '2026-11-24T08:30:00.000Z';
const failure = { code: 'Locked', message: 'It is locked.', next: 'Unlock it.' } as const;
const success: ConcludeRunInput = {
  runId: 'run_1',
  clusterId,
  planId: 'pl_1',
  state: 'succeeded',
  applied: 3,
  startedAt,
  endedAt,
};
const failed: ConcludeRunInput = { ...success, state: 'failed', applied: 1, failure };

describe('concludeRun', () => {
  it('writes down how the run ended', async () => {
    await using azure = await aRunUnderWay();

    await azure.value(concludeRun, failed);

    expect((await azure.clients.records.get('run', 'run_1'))?.value).toEqual({
      ...aRunRecord(),
      planId: 'pl_1',
      state: 'failed',
      applied: 1,
      failure,
      startedAt,
      endedAt,
    });
  });

  it('shows the end on the cluster, and takes a failure back with the next success', async () => {
    await using azure = await aRunUnderWay();
    const shown = async () => (await azure.clients.records.get('cluster', key))?.value;

    await azure.value(concludeRun, failed);
    const after = await shown();
    await azure.value(concludeRun, success);
    const later = await shown();

    expect(after).toMatchObject({ status: 'failed', lastRun: { id: 'run_1', state: 'failed' } });
    expect(later).toMatchObject({ status: 'drift', lastRun: { id: 'run_1', state: 'succeeded' } });
    expect(later?.findings).toEqual(after?.findings);
  });

  it('says nothing about the cluster for a run that only reported', async () => {
    await using azure = await aRunUnderWay();
    await azure.clients.records.put('run', 'run_1', aRunRecord({ mode: 'report' }));

    await azure.value(concludeRun, failed);

    const { value } = (await azure.clients.records.get('cluster', key)) ?? {};
    expect(value).toMatchObject({ status: 'drift' });
    expect(value).not.toHaveProperty('lastRun');
  });

  it('lets the cluster go', async () => {
    await using azure = await aRunUnderWay();

    await azure.value(concludeRun, success);

    expect(await azure.clients.records.get('claim', key)).toBeUndefined();
  });

  it('leaves the claim of another run alone, however often it is repeated', async () => {
    await using azure = await aRunUnderWay();
    await azure.value(concludeRun, success);
    await azure.clients.records.insert('claim', key, { owner: 'run_2' });

    await azure.value(concludeRun, success);

    expect((await azure.clients.records.get('claim', key))?.value).toEqual({ owner: 'run_2' });
  });

  it('keeps an earlier plan when the run ended before it had one', async () => {
    await using azure = await aRunUnderWay();

    await azure.value(concludeRun, { ...failed, planId: '' });

    const { value } = (await azure.clients.records.get('run', 'run_1')) ?? {};
    expect(value).not.toHaveProperty('planId');
  });

  it('frees the cluster also for a run that nobody wrote down', async () => {
    await using azure = await anAzure([]);
    await azure.clients.records.insert('claim', key, { owner: 'run_1' });

    expect(await azure.value(concludeRun, success)).toEqual({ concluded: false });
    expect(await azure.clients.records.get('claim', key)).toBeUndefined();
  });
});

/** A run that holds its cluster, which has been judged. */
async function aRunUnderWay(): Promise<TestAzure> {
  const azure = await anAzure([anOldWireCluster()]);
  const { records } = azure.clients;
  const occasion = { afterRun: '', asOf: startedAt, cause: 'run_1' };
  await azure.value(judgeCluster, { clusterId, policy: aPolicy(), ...occasion });
  await records.put('run', 'run_1', aRunRecord());
  await records.insert('claim', key, { owner: 'run_1' });
  return azure;
}
