import { FailureError } from '../../domain/outcome';
import type { PlanRecord } from '../../domain/records';
import { onboardCluster } from '../../orchestrations/onboard-cluster';
import {
  aCluster,
  aPolicy,
  aPool,
  anOldCluster,
  clusterId,
  oldImage,
  podIdentityWith,
} from '../support/clusters';
import { aRun, ending, inputOf, reads } from '../support/onboarding';
import { planOnboarding } from '../support/planning';
import { runOrchestration } from '../support/run-orchestration';
import { running, scriptedAzure } from '../support/scripted-azure';

/** As a version before the check of rights has stored it. */
function withoutMark({ preflight: _mark, ...older }: PlanRecord): PlanRecord {
  return older;
}

describe('onboardCluster in mode report', () => {
  const report = aRun({ mode: 'report' });

  it('stores the plan and changes nothing', () => {
    const { activities, cluster } = scriptedAzure(anOldCluster());

    const recording = runOrchestration(onboardCluster, report, activities);

    expect(recording.outcome).toEqual({ ok: true, value: { state: 'succeeded', applied: 0 } });
    expect(recording.calls).toEqual([...reads, ...ending]);
    expect(cluster()).toEqual(anOldCluster());
    expect(inputOf(recording, 'storePlan')).toMatchObject({ approvedBy: '', runId: 'run_1' });
  });

  it('reads a cluster also while somebody is changing it', () => {
    const { activities } = scriptedAzure(anOldCluster({ provisioningState: 'Updating' }));

    const { minutes } = runOrchestration(onboardCluster, report, activities);

    expect(minutes).toBe(0);
  });

  it('succeeds with a plan that is blocked, which is what it is asked to tell', () => {
    const recording = runOrchestration(
      onboardCluster,
      report,
      scriptedAzure(anOldCluster({ stopped: true })).activities,
    );

    expect(recording.outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(inputOf(recording, 'storePlan')).toMatchObject({
      plan: { blockers: [{ code: 'ClusterStopped' }] },
    });
  });
});

describe('onboardCluster in mode apply', () => {
  it('takes a cluster from its service principal to the end', () => {
    const { activities, cluster } = scriptedAzure(anOldCluster());

    const recording = runOrchestration(onboardCluster, aRun(), activities);

    expect(recording.outcome).toEqual({ ok: true, value: { state: 'succeeded', applied: 5 } });
    expect(recording.calls).toEqual([
      ...reads,
      'checkRights',
      'createIdentity',
      ...['assignRole', 'assignRole'], // the second time to see that it is there
      ...['switchIdentity', 'pollOperation', 'readCluster'],
      ...['assignRole', 'assignRole'],
      ...['startNodeImageRoll', 'pollOperation', 'readPool'],
      ...['startNodeImageRoll', 'pollOperation', 'readPool'],
      'takeSnapshot',
      ...ending,
    ]);
    expect(planOnboarding(cluster(), aRun().policy).steps).toEqual([]);
  });

  it('gives every step an instance of its own', () => {
    const { activities } = scriptedAzure(anOldCluster());

    const { instances } = runOrchestration(onboardCluster, aRun(), activities);

    expect(instances).toEqual([
      'root',
      'root.2',
      'root.3',
      'root.3.wait-switch',
      'root.4',
      'root.5',
      'root.5.wait-system',
      'root.5.wait-apps',
    ]);
  });

  it('assigns roles to the principals that earlier steps have brought', () => {
    const { activities } = scriptedAzure(anOldCluster());

    const { inputs } = runOrchestration(onboardCluster, aRun(), activities);

    expect(inputs.filter(({ activity }) => activity === 'assignRole')).toMatchObject([
      { input: { principalId: '11111111-1111-4111-8111-111111111111' } },
      { input: { principalId: '11111111-1111-4111-8111-111111111111' } },
      { input: { principalId: '22222222-2222-4222-8222-222222222222' } },
      { input: { principalId: '22222222-2222-4222-8222-222222222222' } },
    ]);
  });

  it('changes nothing of a cluster in order', () => {
    const { activities } = scriptedAzure(aCluster());

    const { outcome, calls } = runOrchestration(
      onboardCluster,
      aRun({ policy: aPolicy() }),
      activities,
    );

    expect(outcome).toEqual({ ok: true, value: { state: 'succeeded', applied: 0 } });
    expect(calls).toEqual([...reads, 'takeSnapshot', ...ending]);
  });

  it('carries out the plan that is stored, not the one that it has made', () => {
    const { activities } = scriptedAzure(anOldCluster());
    const recording = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      storePlan: (input, nth) => ({ ...activities.storePlan(input, nth), steps: [] }),
    });

    expect(recording.calls).not.toContain('switchIdentity');
  });

  it('changes nothing while Steward lacks a right that a step needs', () => {
    const { activities, cluster } = scriptedAzure(anOldCluster());
    const failure = { code: 'Forbidden', message: 'It lacks this.', next: 'Grant it.' } as const;

    const recording = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      checkRights: () => {
        throw new FailureError(failure);
      },
    });

    expect(recording.outcome).toEqual({
      ok: true,
      value: { state: 'failed', applied: 0, failure },
    });
    expect(inputOf(recording, 'checkRights')).toEqual({ clusterId, planId: 'pl_1' });
    expect(recording.calls).toEqual([...reads, 'checkRights', ...ending]);
    expect(cluster()).toEqual(anOldCluster());
  });

  it('goes on from a history in which no rights were checked', () => {
    const { activities } = scriptedAzure(anOldCluster());

    const recording = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      storePlan: (input, nth) => withoutMark(activities.storePlan(input, nth)),
    });

    expect(recording.outcome).toEqual({ ok: true, value: { state: 'succeeded', applied: 5 } });
    expect(recording.calls).not.toContain('checkRights');
  });

  it('writes down how it ended', () => {
    const { activities } = scriptedAzure(anOldCluster());

    const recording = runOrchestration(onboardCluster, aRun(), activities);

    expect(inputOf(recording, 'concludeRun')).toEqual({
      runId: 'run_1',
      clusterId,
      planId: 'pl_1',
      state: 'succeeded',
      applied: 5,
      startedAt: '2026-11-24T09:00:00.000Z',
      endedAt: new Date(Date.UTC(2026, 10, 24, 9) + recording.minutes * 60_000).toISOString(),
    });
    expect(recording.log.map(({ msg }) => msg)).toEqual([
      'onboarding.planned',
      'onboarding.finished',
    ]);
  });

  it('finishes what a run before it has left half done', () => {
    const cluster = aCluster({
      provisioningState: 'Failed',
      poolsBeforeSwitch: ['apps'],
      nodePools: [aPool('system'), aPool('apps', { imageVersion: oldImage })],
    });
    const { activities } = scriptedAzure(cluster);

    const { outcome } = runOrchestration(
      onboardCluster,
      aRun({ ownFailure: true, policy: aPolicy() }),
      activities,
    );

    expect(outcome).toEqual({ ok: true, value: { state: 'succeeded', applied: 1 } });
  });
});

describe('the status of a run', () => {
  it('follows the steps', () => {
    const { activities } = scriptedAzure(anOldCluster());

    const { reports } = runOrchestration(onboardCluster, aRun(), activities);
    const own = reports.filter(({ instanceId }) => instanceId === 'root');

    expect(own.map(({ progress }) => [progress.step, progress.done, progress.total])).toEqual([
      ['read', 0, 1],
      ['createIdentity', 0, 5],
      ['assignRoles', 1, 5],
      ['enableManagedIdentity', 2, 5],
      ['assignRoles', 3, 5],
      ['rollNodeImages', 4, 5],
      ['verify', 1, 1],
    ]);
  });

  it('stays far below 16 KB, however long the names are', () => {
    const long = (i: number) => `${i}${'n'.repeat(62)}`;
    const names = Array.from({ length: 10 }, (_, i) => long(i));
    const podIdentity = podIdentityWith(...names);
    const policy = aPolicy({
      features: { required: names.map((name) => `Microsoft.ContainerService/${name}`) },
      roles: { registries: names.map((name) => `/subscriptions/1/${name.repeat(6)}`) },
    });
    const { activities } = scriptedAzure(
      anOldCluster({
        name: long(0),
        podIdentity,
        missingIdentities: podIdentity.entries.map(({ identityId }) => identityId),
        nodePools: names.map((name) => aPool(name, { imageVersion: oldImage })),
      }),
    );
    const title = `change of ${names.join('/')}`;
    const { outcome, reports } = runOrchestration(onboardCluster, aRun({ policy }), {
      ...activities,
      switchIdentity: (input, nth) => {
        activities.switchIdentity(input, nth);
        return running({ title });
      },
    });

    const sizes = reports.map(({ progress }) => JSON.stringify(progress).length);
    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(Math.max(...sizes)).toBeLessThan(2048);
  });
});
