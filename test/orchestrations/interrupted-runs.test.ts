import { podIdentityFeature } from '../../domain/policy';
import type { Policy } from '../../domain/policy';
import type { ClusterSnapshot } from '../../domain/snapshot';
import { onboardCluster } from '../../orchestrations/onboard-cluster';
import {
  aCluster,
  aPolicy,
  anAssignment,
  anOldCluster,
  clusterId,
  ofNodeGroup,
  podIdentityWith,
  registry,
} from '../support/clusters';
import { planOnboarding } from '../support/planning';
import { runOrchestration } from '../support/run-orchestration';
import type { Scripted } from '../support/run-orchestration';
import { scriptedAzure } from '../support/scripted-azure';

const podIdentity = podIdentityWith('id-a');
const everythingToDo = anOldCluster({
  podIdentity,
  missingIdentities: podIdentity.entries.map(({ identityId }) => identityId),
  features: { [podIdentityFeature]: { state: 'Registered', usedBy: 1 } },
});
const systemPrincipal = '33333333-3333-4333-8333-333333333333';
const onSystemAssigned = aCluster({
  controlPlane: { kind: 'systemAssigned', principalId: systemPrincipal },
  shown: { type: 'SystemAssigned', clientId: 'msi', userAssigned: [] },
  assignments: [
    anAssignment('Network Contributor', { principalId: systemPrincipal }),
    ofNodeGroup(systemPrincipal),
  ],
});
const withLeftovers = aCluster({
  assignments: [
    ...aCluster().assignments,
    anAssignment('Network Contributor', { id: 'left', principalId: 'former' }),
    anAssignment('Contributor', { id: 'left-too', principalId: 'former' }),
  ],
  formerPrincipals: [
    { kind: 'servicePrincipal', objectId: 'former', until: '2026-01-01T00:00:00.000Z' },
  ],
});

const transitions: readonly (readonly [string, ClusterSnapshot, Policy])[] = [
  [
    'with everything to do',
    everythingToDo,
    aPolicy({
      roles: { registries: [registry] },
      features: { required: ['Microsoft.ContainerService/WindowsAnnualPreview'] },
    }),
  ],
  [
    'from a service principal to a system-assigned identity',
    anOldCluster(),
    aPolicy({ identity: { controlPlane: 'systemAssigned' }, roles: { registries: [registry] } }),
  ],
  [
    'from a system-assigned to a user-assigned identity',
    onSystemAssigned,
    aPolicy({ identity: { controlPlane: 'userAssigned' } }),
  ],
  [
    'from a service principal to identities of ours, for the nodes too',
    anOldCluster(),
    aPolicy({ identity: { kubelet: 'own' }, roles: { registries: [registry] } }),
  ],
  ['with rights to take away', withLeftovers, aPolicy()],
];

describe.each(transitions)('a run %s', (_name, first, policy) => {
  function run(runId: string, activities: Scripted) {
    const shared = { clusterId, mode: 'apply', requestedBy: 'api', policy } as const;
    return runOrchestration(onboardCluster, { ...shared, runId, ownFailure: true }, activities);
  }

  const total = run('run_0', scriptedAzure(first).activities).calls.length;
  // Its last two calls evaluate and conclude: by then the cluster is in order.
  const calls = Array.from({ length: total - 2 }, (_, i) => i + 1);

  it.each(calls)(
    'leaves what the next run completes, broken at call %i before its effect',
    (call) => {
      const { activities, cluster } = scriptedAzure(first);

      const broken = run('run_1', breakingAt(activities, call, 'before'));
      const second = run('run_2', activities);

      expect(broken.outcome).toMatchObject({ value: { state: 'failed' } });
      expect(second.outcome).toMatchObject({ value: { state: 'succeeded' } });
      expect(planOnboarding(cluster(), policy).steps).toEqual([]);
      expect(doubles(cluster())).toEqual([]);
    },
  );

  it.each(calls)(
    'leaves what the next run completes, broken at call %i after its effect',
    (call) => {
      const { activities, cluster } = scriptedAzure(first);

      run('run_1', breakingAt(activities, call, 'after'));
      const second = run('run_2', activities);

      expect(second.outcome).toMatchObject({ value: { state: 'succeeded' } });
      expect(planOnboarding(cluster(), policy).steps).toEqual([]);
      expect(doubles(cluster())).toEqual([]);
    },
  );

  it('repeats no change that was made before', () => {
    const { activities } = scriptedAzure(first);
    run('run_1', activities);

    const again = run('run_2', activities);

    expect(again.outcome).toEqual({ ok: true, value: { state: 'succeeded', applied: 0 } });
  });
});

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

/** Assignments that say what another one says. */
function doubles({ assignments }: ClusterSnapshot): readonly string[] {
  const said = assignments.map(({ principalId, role, scope }) => `${principalId} ${role} ${scope}`);
  return said.filter((one, i) => said.indexOf(one) !== i);
}
