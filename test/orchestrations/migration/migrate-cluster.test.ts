import { MigrationOptions } from '../../../domain/migration/options';
import { FailureError } from '../../../domain/outcome';
import { migrateCluster } from '../../../orchestrations/migration/migrate-cluster';
import { aCut, aWork, aWorkload, scriptedMigration } from '../../support/scripted-migration';
import { aPolicy, clusterId } from '../../support/clusters';
import { runOrchestration } from '../../support/run-orchestration';
import type { Scripted } from '../../support/run-orchestration';

function run(activities: Scripted) {
  const options = MigrationOptions.parse({});
  const input = { migrationId: 'mig_1', clusterId, options, approvals: [], policy: aPolicy() };
  return runOrchestration(migrateCluster, input, activities);
}

const lacking = {
  code: 'Forbidden',
  message: "Steward's identity lacks this; what needs it was not begun.",
  next: 'Grant it.',
} as const;

describe('a cluster on its way off pod identity', () => {
  it('goes through the phases in the one order that jams nothing', () => {
    const { outcome, calls, minutes } = run(
      scriptedMigration(aWork({ workloads: [aWorkload('one')] })),
    );

    expect(outcome).toEqual({ ok: true, value: { state: 'succeeded' } });
    const order = [
      'checkMigrationRights',
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
    const { outcome, calls } = run(scriptedMigration(aWork({ missing: ['OIDC_IRREVERSIBLE'] })));

    expect(calls).toEqual(['readMigrationWork', 'noteClusterEnd']);
    expect(outcome).toMatchObject({
      ok: true,
      value: { state: 'failed', failure: { code: 'ApprovalMissing' } },
    });
  });

  it('changes nothing while Steward lacks a right that it needs on the way or back', () => {
    const { outcome, calls } = run(
      scriptedMigration(aWork(), {
        checkMigrationRights: () => {
          throw new FailureError(lacking);
        },
      }),
    );

    expect(calls).toEqual(['readMigrationWork', 'checkMigrationRights', 'noteClusterEnd']);
    expect(outcome).toMatchObject({ ok: true, value: { state: 'failed', failure: lacking } });
  });

  it('goes on from a history in which no rights were checked', () => {
    const { outcome, calls } = run(
      scriptedMigration(aWork(), { readMigrationWork: () => aWork() }),
    );

    expect(outcome).toEqual({ ok: true, value: { state: 'succeeded' } });
    expect(calls).not.toContain('checkMigrationRights');
  });

  it('takes dead pod identities out before any other write', () => {
    const work = aWork({
      steps: ['removeDeadPodIdentities', 'enableOidcIssuerAndWorkloadIdentity'],
      deadPodIdentities: ['shop/dead'],
    });
    const { calls, inputs } = run(scriptedMigration(work));

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
      scriptedMigration(aWork(), {
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
      scriptedMigration(aWork(), {
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
      scriptedMigration(aWork(), {
        checkSoak: ({ workloads }, nth) => ({
          well: workloads.flatMap((_, n) => (nth === 1 && n === 0 ? [] : [n])),
          waiting: [],
          broken: nth === 1 ? [aWorkload('one')] : [],
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
      scriptedMigration(aWork({ workloads: [cron] }), {
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
    const { instances } = run(scriptedMigration(aWork({ workloads })));

    expect(instances.filter((id) => /^root\.w\d+$/.test(id))).toHaveLength(7);
  });

  it('never takes rights away when a pod identity cannot be removed', () => {
    const { calls, outcome } = run(
      scriptedMigration(aWork(), {
        editPodIdentities: () => {
          throw new FailureError({ code: 'Conflict', message: 'no' });
        },
      }),
    );

    expect(calls).not.toContain('removeGrant');
    expect(outcome).toMatchObject({ ok: true, value: { state: 'failed' } });
  });
});
