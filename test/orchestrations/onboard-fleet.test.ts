import { TransientError } from '../../domain/outcome';
import { onboardFleet } from '../../orchestrations/onboard-fleet';
import type { OnboardFleetInput } from '../../orchestrations/onboard-fleet';
import { aCluster, aPolicy, clusterNamed } from '../support/clusters';
import { runOrchestration } from '../support/run-orchestration';
import type { Scripted } from '../support/run-orchestration';
import { scriptedAzure } from '../support/scripted-azure';

function aFleet(names: readonly string[], clustersAtOnce: number): OnboardFleetInput {
  return {
    runs: names.map((name) => ({
      runId: `run_${name}`,
      clusterId: clusterNamed(name),
      ownFailure: false,
    })),
    shared: { mode: 'report', requestedBy: 'api', policy: aPolicy({ clustersAtOnce }) },
    done: 0,
    failed: 0,
  };
}

function azure(takeSnapshot: Scripted['takeSnapshot'] = () => aCluster()): Scripted {
  return { ...scriptedAzure(aCluster()).activities, takeSnapshot };
}

const seven = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

describe('onboardFleet', () => {
  it('runs every cluster once, in waves', () => {
    const { outcome, instances, reports, continued } = runOrchestration(
      onboardFleet,
      aFleet(seven, 3),
      azure(),
    );

    expect(outcome).toEqual({ ok: true, value: { done: 7, failed: 0 } });
    expect(instances).toEqual(['root', ...seven.map((name) => `root.run_${name}`)]);
    expect(continued).toBe(2);
    expect(reports.filter(({ instanceId }) => instanceId === 'root')).toMatchObject([
      { progress: { step: 'wave', done: 0, total: 7 } },
      { progress: { step: 'wave', done: 3, total: 7 } },
      { progress: { step: 'wave', done: 6, total: 7 } },
    ]);
  });

  it('hands every run its own cluster and what they share', () => {
    const { inputs } = runOrchestration(onboardFleet, aFleet(['a', 'b'], 1), azure());

    expect(inputs.filter(({ activity }) => activity === 'storePlan')).toMatchObject([
      { input: { runId: 'run_a', clusterId: clusterNamed('a'), approvedBy: '' } },
      { input: { runId: 'run_b', clusterId: clusterNamed('b'), approvedBy: '' } },
    ]);
  });

  it('goes on with the others when clusters fail', () => {
    const { outcome, instances } = runOrchestration(
      onboardFleet,
      aFleet(seven, 3),
      azure(({ clusterId }) => {
        if (['a', 'e'].includes(clusterId.slice(-1))) throw new Error('a bug');
        return aCluster();
      }),
    );

    expect(outcome).toEqual({ ok: true, value: { done: 7, failed: 2 } });
    expect(instances).toHaveLength(8);
  });

  it('counts a run that breaks down without a report, and goes on', () => {
    const activities = {
      ...azure(),
      concludeRun: ({ runId }: { runId: string }) => {
        if (runId === 'run_b') throw new TransientError('the store is down');
        return { concluded: true };
      },
    };

    const { outcome } = runOrchestration(onboardFleet, aFleet(['a', 'b', 'c'], 2), activities);

    expect(outcome).toEqual({ ok: true, value: { done: 3, failed: 1 } });
  });

  it('ends at once with nothing to do', () => {
    expect(runOrchestration(onboardFleet, aFleet([], 5), {}).outcome).toEqual({
      ok: true,
      value: { done: 0, failed: 0 },
    });
  });
});
