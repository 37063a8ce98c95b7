import { FailureError, TransientError } from '../../domain/outcome';
import { podIdentityFeature } from '../../domain/policy';
import { onboardCluster } from '../../orchestrations/onboard-cluster';
import {
  aCluster,
  aPolicy,
  aPool,
  anOldCluster,
  armId,
  clusterId,
  controlPlaneId,
  newImage,
  podIdentityWith,
} from '../support/clusters';
import { aRun, ending, inputOf, reads } from '../support/onboarding';
import { runOrchestration } from '../support/run-orchestration';
import { scriptedAzure } from '../support/scripted-azure';

describe('a run that may not begin', () => {
  it.each([
    ['ClusterStopped', anOldCluster({ stopped: true })],
    ['ClusterBroken', anOldCluster({ provisioningState: 'Failed' })],
    ['PodIdentityInUse', anOldCluster({ podIdentity: podIdentityWith('id-a') })],
    ['Unsupported', anOldCluster({ nodePools: [aPool('system', { type: 'AvailabilitySet' })] })],
  ])('ends as %s, with its plan and without a change', (code, cluster) => {
    const recording = runOrchestration(onboardCluster, aRun(), scriptedAzure(cluster).activities);

    expect(recording.outcome).toMatchObject({
      value: { state: 'failed', applied: 0, failure: { code } },
    });
    expect(recording.calls).toEqual([...reads, ...ending]);
    expect(inputOf(recording, 'concludeRun')).toMatchObject({ planId: 'pl_1', failure: { code } });
  });

  it('says so when there is no such cluster, and has no plan', () => {
    const { activities } = scriptedAzure(aCluster());
    const failure = { code: 'NotFound', message: 'aks-orders does not exist.' } as const;
    const recording = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      takeSnapshot: () => {
        throw new FailureError(failure);
      },
    });

    expect(recording.outcome).toEqual({
      ok: true,
      value: { state: 'failed', applied: 0, failure },
    });
    expect(inputOf(recording, 'concludeRun')).toMatchObject({ planId: '', failure });
  });
});

describe('an Azure that is out of reach for longer than a read is repeated', () => {
  const outOfReach = (from: number, count: number) => {
    const { activities } = scriptedAzure(anOldCluster());
    return runOrchestration(onboardCluster, aRun(), {
      ...activities,
      takeSnapshot: (input, nth) => {
        if (nth >= from && nth < from + count) throw new TransientError('503 ServiceUnavailable');
        return activities.takeSnapshot(input, nth);
      },
    });
  };

  it('ends a run that has changed nothing', () => {
    const { outcome } = outOfReach(0, 10);

    expect(outcome).toMatchObject({
      value: { state: 'failed', applied: 0, failure: { code: 'Unavailable' } },
    });
  });

  it('is outlasted by a run that has changed its cluster and only has to prove it', () => {
    const { outcome, minutes } = outOfReach(1, 10);

    expect(outcome).toEqual({ ok: true, value: { state: 'succeeded', applied: 5 } });
    expect(minutes).toBeGreaterThan(20);
  });
});

describe('a cluster that somebody else is changing', () => {
  const busy = anOldCluster({ provisioningState: 'Updating' });

  it('is waited for', () => {
    const { activities } = scriptedAzure(anOldCluster());
    const { outcome, reports, calls } = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      takeSnapshot: (input, nth) => (nth < 3 ? busy : activities.takeSnapshot(input, nth)),
    });

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(calls.slice(0, 5)).toEqual([...Array<string>(4).fill('takeSnapshot'), 'storePlan']);
    expect(reports.filter(({ progress }) => progress.wait).slice(0, 3)).toMatchObject(
      Array(3).fill({
        instanceId: 'root',
        progress: { step: 'read', wait: { reason: 'operation-in-progress' } },
      }),
    );
  });

  it('is given up on after three hours', () => {
    const { activities } = scriptedAzure(busy);

    const { outcome, minutes } = runOrchestration(onboardCluster, aRun(), activities);

    expect(outcome).toEqual({
      ok: true,
      value: {
        state: 'failed',
        applied: 0,
        failure: {
          code: 'Conflict',
          message: 'aks-orders has been busy with another operation for hours.',
          next: 'Wait until its provisioning state is Succeeded, then onboard it again.',
          target: armId,
        },
      },
    });
    expect(minutes).toBe(182);
  });

  it('is not waited for when it is stopped', () => {
    const { activities } = scriptedAzure({ ...busy, stopped: true });

    const { outcome, minutes } = runOrchestration(onboardCluster, aRun(), activities);

    expect(outcome).toMatchObject({ value: { failure: { code: 'ClusterStopped' } } });
    expect(minutes).toBe(0);
  });
});

describe('a run whose step is refused', () => {
  const refused = { code: 'DeniedByPolicy', message: 'Denied.', target: armId } as const;

  it.each([
    ['createIdentity', 0, ['switchIdentity', 'startNodeImageRoll']],
    ['assignRole', 1, ['switchIdentity', 'startNodeImageRoll']],
    ['switchIdentity', 2, ['startNodeImageRoll']],
    ['pollOperation', 2, ['startNodeImageRoll']],
    ['startNodeImageRoll', 4, ['readPool']],
  ] as const)('stops at %s with %i steps applied', (...row) => {
    const [activity, applied, later] = row;
    const { activities } = scriptedAzure(anOldCluster());
    const { outcome, calls } = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      [activity]: () => {
        throw new FailureError(refused);
      },
    });

    expect(outcome).toEqual({ ok: true, value: { state: 'failed', applied, failure: refused } });
    expect(calls.filter((call) => (later as readonly string[]).includes(call))).toEqual([]);
    expect(calls.slice(-2)).toEqual(ending);
  });

  it('reports a bug in a step as Internal, and not as one of its own', () => {
    const { activities } = scriptedAzure(anOldCluster());
    const { outcome } = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      switchIdentity: () => {
        throw new TypeError('x is undefined');
      },
    });

    expect(outcome).toEqual({
      ok: true,
      value: {
        state: 'failed',
        applied: 2,
        failure: {
          code: 'Internal',
          message: 'x is undefined',
          next: "Read the run's history with its instance id and report what you find.",
        },
      },
    });
  });

  it('ends with a report also when Azure does not answer any more', () => {
    const { activities } = scriptedAzure(anOldCluster());
    const { outcome, calls } = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      pollOperation: () => {
        throw new TransientError('503 from ARM');
      },
    });

    expect(outcome).toMatchObject({
      value: { state: 'failed', applied: 2, failure: { code: 'Unavailable' } },
    });
    expect(calls.slice(-2)).toEqual(ending);
  });

  it('cannot assign roles to an identity whose principal nobody knows', () => {
    const cluster = anOldCluster({
      targetIdentity: { resourceId: controlPlaneId, principalId: '' },
    });
    const { outcome, calls } = runOrchestration(
      onboardCluster,
      aRun(),
      scriptedAzure(cluster).activities,
    );

    expect(outcome).toEqual({
      ok: true,
      value: {
        state: 'failed',
        applied: 0,
        failure: {
          code: 'NotVerified',
          message: 'The control-plane identity of aks-orders has no object id yet.',
          next: 'Wait a few minutes until Azure shows the principal, then onboard the cluster again.',
          target: armId,
        },
      },
    });
    expect(calls).not.toContain('assignRole');
  });
});

describe('the last reading of a run', () => {
  it('is what success is made of, whatever Azure says', () => {
    const { activities } = scriptedAzure(anOldCluster());
    const after = aCluster({ assignments: [], poolsBeforeSwitch: ['apps'] });
    const { outcome } = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      takeSnapshot: (input, nth) => (nth === 0 ? activities.takeSnapshot(input, nth) : after),
    });

    expect(outcome).toEqual({
      ok: true,
      value: {
        state: 'failed',
        applied: 5,
        failure: {
          code: 'NotVerified',
          message:
            'Every step ran, but the cluster still needs: assignRoles, assignRoles, rollNodeImages.',
          next: 'Somebody may have changed the cluster meanwhile: look at its activity log, then onboard it again.',
          target: clusterId,
        },
      },
    });
  });

  it('does not hold an image against the run that came out while it ran', () => {
    const newest = newImage.replace('11.0', '18.0');
    const { activities } = scriptedAzure(anOldCluster());
    const { outcome } = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      takeSnapshot: (input, nth) => {
        const cluster = activities.takeSnapshot(input, nth);
        return nth === 0 ? cluster : { ...cluster, latestImages: { apps: newest, system: newest } };
      },
    });

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
  });

  it('does not hold a flag against the run that another cluster was the last to use', () => {
    const features = { [podIdentityFeature]: { state: 'Registered', usedBy: 0 } };
    const { activities } = scriptedAzure(anOldCluster());
    const { outcome } = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      takeSnapshot: (input, nth) => {
        const cluster = activities.takeSnapshot(input, nth);
        return nth === 0 ? cluster : { ...cluster, features };
      },
    });

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
  });

  it('waits for a change that somebody else has begun meanwhile', () => {
    const { activities } = scriptedAzure(anOldCluster());
    const { outcome, calls } = runOrchestration(onboardCluster, aRun(), {
      ...activities,
      takeSnapshot: (input, nth) => {
        const cluster = activities.takeSnapshot(input, nth);
        return nth === 1 ? { ...cluster, provisioningState: 'Updating' } : cluster;
      },
    });

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(calls.filter((call) => call === 'takeSnapshot')).toHaveLength(3);
  });
});

describe('the end of a run', () => {
  it('is written down also when the findings cannot be read', () => {
    const { activities } = scriptedAzure(aCluster());
    const { outcome, calls } = runOrchestration(onboardCluster, aRun({ policy: aPolicy() }), {
      ...activities,
      judgeCluster: () => {
        throw new TransientError('429');
      },
    });

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(calls.at(-1)).toBe('concludeRun');
  });

  it('fails the instance when it cannot be written down, so that nobody takes it for done', () => {
    const { activities } = scriptedAzure(aCluster());
    const run = () =>
      runOrchestration(onboardCluster, aRun(), {
        ...activities,
        concludeRun: () => {
          throw new TransientError('the store is down');
        },
      });

    expect(run).toThrow('the store is down');
  });
});
