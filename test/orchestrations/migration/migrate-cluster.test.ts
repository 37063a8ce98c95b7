import type { CutPlan } from '../../../domain/migration/cut';
import type { WorkloadMigration } from '../../../domain/migration/document';
import { MigrationOptions } from '../../../domain/migration/options';
import type { ClusterWork } from '../../../domain/migration/work';
import { FailureError } from '../../../domain/outcome';
import { migrateCluster } from '../../../orchestrations/migration/migrate-cluster';
import { aPolicy, clusterId } from '../../support/clusters';
import { runOrchestration } from '../../support/run-orchestration';
import type { Scripted } from '../../support/run-orchestration';

const done = { status: 'succeeded' } as const;

function aWorkload(name: string, overrides: Partial<WorkloadMigration> = {}): WorkloadMigration {
  return {
    kind: 'Deployment',
    namespace: 'shop',
    name,
    status: 'ready',
    delivery: 'patch',
    auth: 'sidecar',
    identities: ['shop/orders-id'],
    defaultClientId: 'client',
    serviceAccount: 'orders',
    codes: [],
    templatePatch: { labels: {}, annotations: {}, removeAnnotations: [] },
    ...overrides,
  };
}

const credential = {
  identityId: '/subscriptions/1/id',
  clientId: 'client',
  principalId: 'principal',
  tenantId: 'tenant',
  namespace: 'shop',
  account: 'orders',
};

function aWork(overrides: Partial<ClusterWork> = {}): ClusterWork {
  return {
    name: 'aks-shop',
    missing: [],
    blocked: false,
    steps: ['enableWorkloadIdentity'],
    deadPodIdentities: [],
    accounts: [{ namespace: 'shop', name: 'orders', action: 'annotate', clientId: 'client' }],
    credentials: [credential],
    proofs: [credential],
    workloads: [aWorkload('one'), aWorkload('two')],
    held: [],
    ...overrides,
  };
}

function aCut(overrides: Partial<CutPlan> = {}): CutPlan {
  return {
    installMode: 'addon',
    podIdentities: ['shop/orders-id'],
    retire: true,
    scaleSets: [],
    grants: [{ id: '/subscriptions/1/ra', principalId: 'p', roleDefinitionId: 'r' }],
    unregister: true,
    complete: true,
    ...overrides,
  };
}

function script(work: ClusterWork, overrides: Scripted = {}): Scripted {
  const rollout = { desired: 1, newReady: 1, newPods: ['n'], oldPods: [], problems: [] };
  return {
    readMigrationWork: () => work,
    holdCluster: () => ({ held: true }),
    releaseCluster: () => ({ released: true }),
    editPodIdentities: () => done,
    enableWorkloadIdentity: () => done,
    checkWorkloadIdentity: () => ({ missing: null }),
    writeCredential: () => ({ name: 'stw', written: true }),
    prepareAccount: () => ({ written: true }),
    proveIdentity: () => ({ proven: true }),
    rehearseWorkload: () => ({ rehearsed: true, proxyInit: null }),
    patchWorkload: () => ({ canary: 'none', limitSeconds: 1200 }),
    readRollout: () => ({ ...rollout, complete: true, restored: true, newPods: [] }),
    restoreTemplate: () => ({ limitSeconds: 1200, evict: false }),
    checkSoak: ({ workloads }) => ({
      well: workloads.map((_, n) => n),
      waiting: [],
      broken: [],
      stopped: false,
    }),
    readClusterContent: () => ({ done: true, state: 'read', objects: 1, logsUnread: [] }),
    surveyPodIdentity: () => ({ identities: 1 }) as never,
    planCut: () => aCut(),
    readBindings: () => ({ left: 0 }),
    disablePodIdentity: () => done,
    readCluster: () => ({ podIdentity: { enabled: false, entries: [] } }) as never,
    removeGrant: () => ({ removed: true }),
    withdrawFeature: () => ({ state: 'Unregistered', owned: false, usedBy: 0 }),
    readFeature: () => ({ state: 'Unregistered' }),
    noteWorkload: () => ({ stopped: false }),
    noteClusterEnd: () => ({ noted: true }),
    ...overrides,
  };
}

function run(activities: Scripted) {
  const options = MigrationOptions.parse({});
  const input = { migrationId: 'mig_1', clusterId, options, approvals: [], policy: aPolicy() };
  return runOrchestration(migrateCluster, input, activities);
}

describe('a cluster on its way off pod identity', () => {
  it('goes through the phases in the one order that jams nothing', () => {
    const { outcome, calls, minutes } = run(script(aWork({ workloads: [aWorkload('one')] })));

    expect(outcome).toEqual({ ok: true, value: { state: 'succeeded' } });
    const order = [
      'enableWorkloadIdentity',
      'checkWorkloadIdentity',
      'writeCredential',
      'prepareAccount',
      'proveIdentity',
      'rehearseWorkload',
      'patchWorkload',
      'checkSoak',
      'planCut',
      'editPodIdentities',
      'readBindings',
      'disablePodIdentity',
      'removeGrant',
      'withdrawFeature',
    ];
    const firsts = order.map((name) => calls.indexOf(name));
    expect(firsts).not.toContain(-1);
    expect(firsts).toEqual([...firsts].sort((one, other) => one - other));
    expect(minutes).toBeGreaterThanOrEqual(24 * 60);
  });

  it('changes nothing while a code of the cluster is not approved', () => {
    const { outcome, calls } = run(script(aWork({ missing: ['OIDC_IRREVERSIBLE'] })));

    expect(calls).toEqual(['readMigrationWork', 'noteClusterEnd']);
    expect(outcome).toMatchObject({
      ok: true,
      value: { state: 'failed', failure: { code: 'ApprovalMissing' } },
    });
  });

  it('takes dead pod identities out before any other write', () => {
    const work = aWork({
      steps: ['removeDeadPodIdentities', 'enableOidcIssuerAndWorkloadIdentity'],
      deadPodIdentities: ['shop/dead'],
    });
    const { calls, inputs } = run(script(work));

    expect(calls.indexOf('editPodIdentities')).toBeLessThan(
      calls.indexOf('enableWorkloadIdentity'),
    );
    expect(inputs.find(({ activity }) => activity === 'editPodIdentities')?.input).toMatchObject({
      remove: ['shop/dead'],
      exceptions: false,
    });
  });

  it('lets the cluster go also when a write of it fails', () => {
    const { calls } = run(
      script(aWork(), {
        enableWorkloadIdentity: () => {
          throw new FailureError({ code: 'Locked', message: 'A lock denies it.' });
        },
      }),
    );

    expect(calls).toContain('releaseCluster');
    expect(calls).not.toContain('writeCredential');
  });

  it('goes on with the others when one workload cannot be rehearsed, and ends in part', () => {
    const { outcome, inputs } = run(
      script(aWork(), {
        rehearseWorkload: ({ workload }) => {
          if (workload.name === 'one') {
            throw new FailureError({ code: 'DeniedByPolicy', message: 'refused' });
          }
          return { rehearsed: true, proxyInit: null };
        },
      }),
    );

    const patched = inputs.filter(({ activity }) => activity === 'patchWorkload');
    expect(patched).toHaveLength(1);
    expect(patched[0]?.input).toMatchObject({ workload: { name: 'two' } });
    expect(outcome).toEqual({ ok: true, value: { state: 'partial' } });
  });

  it('puts a workload back that still asks pod identity during the soak, and keeps the add-on', () => {
    const { outcome, calls } = run(
      script(aWork(), {
        checkSoak: ({ workloads }, nth) => ({
          well: workloads.flatMap((_, n) => (nth === 1 && n === 0 ? [] : [n])),
          waiting: [],
          broken: nth === 1 ? [0] : [],
          stopped: false,
        }),
        planCut: () =>
          aCut({
            podIdentities: [],
            retire: false,
            grants: [],
            unregister: false,
            complete: false,
          }),
      }),
    );

    expect(calls.filter((call) => call === 'restoreTemplate')).toHaveLength(1);
    expect(calls).not.toContain('disablePodIdentity');
    expect(outcome).toEqual({ ok: true, value: { state: 'partial' } });
  });

  it('gives a CronJob a week more to run once', () => {
    const cron = aWorkload('nightly', { kind: 'CronJob' });
    const { minutes, outcome } = run(
      script(aWork({ workloads: [cron] }), {
        checkSoak: ({ workloads }) => ({
          well: [],
          waiting: workloads.map((_, n) => n),
          broken: [],
          stopped: false,
        }),
      }),
    );

    expect(minutes).toBeGreaterThanOrEqual(8 * 24 * 60);
    expect(minutes).toBeLessThan(8 * 24 * 60 + 60);
    expect(outcome).toEqual({ ok: true, value: { state: 'partial' } });
  });

  it('rolls no more than allowed at once, namespace by namespace', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const workloads = [
      ...names.map((name) => aWorkload(name)),
      aWorkload('g', { namespace: 'zoo' }),
    ];
    const { instances } = run(script(aWork({ workloads })));

    expect(instances.filter((id) => /^root\.w\d+$/.test(id))).toHaveLength(7);
  });

  it('never takes rights away when a pod identity cannot be removed', () => {
    const { calls, outcome } = run(
      script(aWork(), {
        editPodIdentities: () => {
          throw new FailureError({ code: 'Conflict', message: 'no' });
        },
      }),
    );

    expect(calls).not.toContain('removeGrant');
    expect(outcome).toMatchObject({ ok: true, value: { state: 'failed' } });
  });
});
