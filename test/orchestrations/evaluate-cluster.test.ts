import { evaluateCluster } from '../../orchestrations/evaluate-cluster';
import { aPolicy, clusterId } from '../support/clusters';
import { runOrchestration } from '../support/run-orchestration';

const input = { clusterId, policy: aPolicy(), cause: 'event 1', afterRun: 'run_1' };

describe('evaluateCluster', () => {
  it('evaluates at once where no run is in the way', () => {
    const { outcome, minutes, log } = runOrchestration(evaluateCluster, input, {
      judgeCluster: () => ({ deferred: false, findings: 2 }),
    });

    expect(outcome).toEqual({ ok: true, value: { findings: 2 } });
    expect(minutes).toBe(0);
    expect(log).toMatchObject([
      { msg: 'cluster.evaluated', clusterId, cause: 'event 1', findings: 2 },
    ]);
  });

  it('waits for the end of the run that is changing the cluster', () => {
    const { outcome, minutes, reports } = runOrchestration(evaluateCluster, input, {
      judgeCluster: (_input, nth) => ({ deferred: nth < 2, findings: 0 }),
    });

    expect(outcome).toEqual({ ok: true, value: { findings: 0 } });
    expect(minutes).toBe(10);
    expect(reports.map(({ progress }) => progress.wait)).toEqual([
      { reason: 'dependency', text: 'A run is changing the cluster' },
      { reason: 'dependency', text: 'A run is changing the cluster' },
    ]);
  });

  it('waits across histories for a run that takes days', () => {
    const { outcome, continued, calls } = runOrchestration(evaluateCluster, input, {
      judgeCluster: (_input, nth) => ({ deferred: nth < 120, findings: 1 }),
    });

    expect(outcome).toEqual({ ok: true, value: { findings: 1 } });
    expect(continued).toBe(2);
    expect(calls).toHaveLength(121);
  });

  it('stamps every look with its own time', () => {
    const { inputs } = runOrchestration(evaluateCluster, input, {
      judgeCluster: (_input, nth) => ({ deferred: nth < 1, findings: 0 }),
    });

    expect(inputs.map(({ input: each }) => (each as { asOf: string }).asOf)).toEqual([
      '2026-11-24T09:00:00.000Z',
      '2026-11-24T09:05:00.000Z',
    ]);
  });
});
