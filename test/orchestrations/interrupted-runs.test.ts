import type { ClusterSnapshot } from '../../domain/snapshot';
import { podIdentityFeature } from '../../domain/policy';
import { onboardCluster } from '../../orchestrations/onboard-cluster';
import { aPolicy, anOldCluster, clusterId, podIdentityWith, registry } from '../support/clusters';
import { planOnboarding } from '../support/planning';
import { runOrchestration } from '../support/run-orchestration';
import type { Scripted } from '../support/run-orchestration';
import { scriptedAzure } from '../support/scripted-azure';

const policy = aPolicy({
  roles: { registries: [registry] },
  features: { required: ['Microsoft.ContainerService/WindowsAnnualPreview'] },
});
const podIdentity = podIdentityWith('id-a');

function everythingToDo(): ClusterSnapshot {
  return anOldCluster({
    podIdentity,
    missingIdentities: podIdentity.entries.map(({ identityId }) => identityId),
    features: { [podIdentityFeature]: { state: 'Registered', usedBy: 1 } },
  });
}

function run(runId: string, activities: Scripted) {
  const shared = { clusterId, mode: 'apply', requestedBy: 'api', policy } as const;
  return runOrchestration(onboardCluster, { ...shared, runId, ownFailure: true }, activities);
}

/** The cast, in which one call breaks down: before it has had its effect, or after. */
function breakingAt(activities: Scripted, call: number, moment: 'before' | 'after'): Scripted {
  let calls = 0;
  const entries = Object.entries(activities) as [
    string,
    (input: unknown, nth: number) => unknown,
  ][];
  const broken = entries.map(([name, activity]) => [
    name,
    (input: unknown, nth: number): unknown => {
      calls += 1;
      if (calls === call && moment === 'before') throw new Error('killed');
      const output = activity(input, nth);
      if (calls === call) throw new Error('killed');
      return output;
    },
  ]);
  return Object.fromEntries(broken) as Scripted;
}

const total = run('run_0', scriptedAzure(everythingToDo()).activities).calls.length;
// Its last two calls evaluate and conclude: by then the cluster is in order.
const calls = Array.from({ length: total - 2 }, (_, i) => i + 1);

describe('a run that breaks down at any call', () => {
  it.each(calls)('leaves what the next run completes, at call %i before its effect', (call) => {
    const { activities, cluster } = scriptedAzure(everythingToDo());

    const first = run('run_1', breakingAt(activities, call, 'before'));
    const second = run('run_2', activities);

    expect(first.outcome).toMatchObject({ value: { state: 'failed' } });
    expect(second.outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(planOnboarding(cluster(), policy).steps).toEqual([]);
  });

  it.each(calls)('leaves what the next run completes, at call %i after its effect', (call) => {
    const { activities, cluster } = scriptedAzure(everythingToDo());

    run('run_1', breakingAt(activities, call, 'after'));
    const second = run('run_2', activities);

    expect(second.outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(planOnboarding(cluster(), policy).steps).toEqual([]);
  });

  it('repeats no change that was made before', () => {
    const { activities } = scriptedAzure(everythingToDo());
    run('run_1', activities);

    const again = run('run_2', activities);

    expect(again.outcome).toEqual({ ok: true, value: { state: 'succeeded', applied: 0 } });
  });
});
