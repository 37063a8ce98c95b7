import type { WorkloadMigration } from '../../../domain/migration/document';
import type { Rollout } from '../../../domain/migration/rollout';
import { FailureError } from '../../../domain/outcome';
import { migrateWorkload } from '../../../orchestrations/migration/migrate-workload';
import { clusterId } from '../../support/clusters';
import { runOrchestration } from '../../support/run-orchestration';
import type { Recording, Scripted } from '../../support/run-orchestration';

const workload: WorkloadMigration = {
  kind: 'Deployment',
  namespace: 'shop',
  name: 'orders',
  status: 'ready',
  delivery: 'patch',
  auth: 'sidecar',
  identities: ['shop/orders-id'],
  defaultClientId: 'client',
  serviceAccount: 'orders',
  codes: [],
  templatePatch: {
    labels: { 'azure.workload.identity/use': 'true' },
    annotations: {},
    removeAnnotations: [],
  },
};

const proof = {
  identityId: '/subscriptions/1/id',
  clientId: 'client',
  principalId: 'principal',
  tenantId: 'tenant',
  namespace: 'shop',
  account: 'orders',
};

function aRollout(overrides: Partial<Rollout> = {}): Rollout {
  return {
    desired: 3,
    newReady: 0,
    newPods: [],
    oldPods: ['a', 'b', 'c'],
    complete: false,
    restored: false,
    problems: [],
    ...overrides,
  };
}

const first = aRollout({ newReady: 1, newPods: ['n1'], oldPods: ['b', 'c'] });
const complete = aRollout({
  newReady: 3,
  newPods: ['n1', 'n2', 'n3'],
  oldPods: [],
  complete: true,
});
const back = aRollout({ restored: true });

/** A cluster in which everything goes well, as far as the rollouts say so. */
function script(rollouts: readonly Rollout[], overrides: Scripted = {}): Scripted {
  return {
    proveIdentity: () => ({ proven: true }),
    rehearseWorkload: () => ({ rehearsed: true, proxyInit: null }),
    patchWorkload: () => ({ canary: 'pause', limitSeconds: 1200 }),
    steerRollout: ({ hold }) => ({ held: hold }),
    readRollout: (_input, nth) => rollouts[Math.min(nth, rollouts.length - 1)] ?? back,
    restoreTemplate: () => ({ limitSeconds: 1200, evict: false }),
    evictPod: () => ({ evicted: true }),
    noteWorkload: () => ({ stopped: false }),
    ...overrides,
  };
}

function run(activities: Scripted, overrides: Partial<WorkloadMigration> = {}) {
  const input = { migrationId: 'mig_1', clusterId, proofs: [proof] };
  return runOrchestration(
    migrateWorkload,
    { ...input, workload: { ...workload, ...overrides } },
    activities,
  );
}

function statesOf({ inputs }: Recording<unknown>): readonly unknown[] {
  return inputs
    .filter(({ activity }) => activity === 'noteWorkload')
    .map(({ input }) => (input as { state: string }).state);
}

describe('a workload on its way to Workload ID', () => {
  it('is proved and rehearsed before its template is changed, and held after its first pod', () => {
    const recording = run(script([aRollout(), first, first, first, complete]));

    expect(recording.outcome).toEqual({ ok: true, value: { soaks: true } });
    expect(recording.calls.filter((call) => call !== 'noteWorkload')).toEqual([
      'proveIdentity',
      'rehearseWorkload',
      'patchWorkload',
      'readRollout',
      'readRollout',
      'steerRollout',
      'readRollout',
      'steerRollout',
      'readRollout',
      'readRollout',
    ]);
    expect(statesOf(recording)).toEqual(['proven', 'rehearsed', 'rolling', 'soaking']);
  });

  it('watches its first pod for five minutes before the others follow', () => {
    const { minutes } = run(script([first, first, complete]));

    expect(minutes).toBe(5);
  });

  it('is not touched when no token can be had for it', () => {
    const failure = { code: 'NotVerified', message: 'AADSTS700213' } as const;
    const recording = run(
      script([], {
        proveIdentity: () => {
          throw new FailureError(failure);
        },
      }),
    );

    expect(recording.outcome).toEqual({ ok: true, value: { soaks: false } });
    expect(recording.calls).not.toContain('patchWorkload');
    expect(statesOf(recording)).toEqual(['failed']);
  });

  it('is not touched when its rehearsed pod is refused', () => {
    const refuse = () => {
      throw new FailureError({ code: 'DeniedByPolicy', message: 'violates PodSecurity' });
    };
    const recording = run(script([], { rehearseWorkload: refuse }));

    expect(recording.calls).not.toContain('patchWorkload');
    expect(statesOf(recording)).toEqual(['proven', 'failed']);
  });

  it('is put back when its first pod crashes, and says why', () => {
    const crash = { ...first, problems: ['Container main is in CrashLoopBackOff.'] };
    const recording = run(script([first, crash, back]));

    expect(recording.outcome).toEqual({ ok: true, value: { soaks: false } });
    expect(recording.calls.slice(-3)).toEqual(['restoreTemplate', 'readRollout', 'noteWorkload']);
    expect(recording.inputs.at(-1)?.input).toMatchObject({
      state: 'rolled-back',
      reason: 'The rollout was taken back: Container main is in CrashLoopBackOff.',
    });
  });

  it('is put back when no new pod is ready in a quarter of an hour', () => {
    const waiting = Array.from({ length: 200 }, () => aRollout());
    const { calls, minutes } = run(script([...waiting]), { name: 'late' });

    expect(calls).toContain('restoreTemplate');
    expect(minutes).toBeGreaterThanOrEqual(15);
  });

  it('is left to its owner when a tool keeps it', () => {
    const recording = run(script([]), { delivery: 'pull-request' });

    expect(recording.outcome).toEqual({ ok: true, value: { soaks: true } });
    expect(recording.calls).not.toContain('patchWorkload');
    expect(statesOf(recording)).toEqual(['proven', 'rehearsed', 'waiting']);
  });

  it('has its pods replaced one by one where it replaces none itself', () => {
    const rollouts = [
      aRollout({ oldPods: ['a', 'b'] }),
      aRollout({ oldPods: ['b'], newPods: ['n1'], newReady: 1 }),
      aRollout({ oldPods: [], newPods: ['n1', 'n2'], newReady: 2 }),
    ];
    const recording = run(
      script(rollouts, { patchWorkload: () => ({ canary: 'evict', limitSeconds: 1200 }) }),
    );

    const evicted = recording.inputs.filter(({ activity }) => activity === 'evictPod');
    expect(evicted.map(({ input }) => (input as { pod: string }).pod)).toEqual(['a', 'b']);
    expect(statesOf(recording).at(-1)).toBe('soaking');
  });

  it('goes no further, and is not put back twice, when the migration is rolled back', () => {
    const stopped = new FailureError({
      code: 'Stopped',
      message: 'The migration is being rolled back.',
    });
    const recording = run(
      script([first], {
        steerRollout: () => {
          throw stopped;
        },
      }),
    );

    expect(recording.outcome).toMatchObject({ ok: false, failure: { code: 'Stopped' } });
    expect(recording.calls).not.toContain('restoreTemplate');
  });
});
