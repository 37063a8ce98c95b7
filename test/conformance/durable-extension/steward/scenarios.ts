import { CreationSpec } from '../../../../domain/creation-spec';
import { MigrationOptions } from '../../../../domain/migration/options';
import type { Policy } from '../../../../domain/policy';
import { aPolicy, registry as imageRegistry } from '../../../support/clusters';
import { running } from '../../../support/scripted-azure';
import type { SceneName } from './scenes';
import { clusterOf, subscriptionOf } from './scripted-fleet';

/** An orchestration of Steward, what it is started with, and how it is to end. */
export interface OwnScenario {
  readonly orchestration: string;
  readonly input: object;
  /** Its output, or part of it */
  readonly end: object | string;
  /** Where its activities are called */
  readonly scenes: readonly SceneName[];
}

const flag = 'Microsoft.ContainerService/AKS-PrometheusAddonPreview';
const everything = aPolicy({
  features: { required: [flag] },
  roles: { settleMinutes: 10, registries: [imageRegistry] },
});
const little = aPolicy();
const cause = 'event 1';

function runOf(scene: SceneName): object {
  return { runId: `run_${scene}`, clusterId: clusterOf(scene), ownFailure: false };
}

function shared(mode: 'apply' | 'report', policy: Policy): object {
  return { mode, requestedBy: 'api', policy };
}

function succeeds(value: object): object {
  return { ok: true, value };
}

function fails(code: string): object {
  return { ok: false, failure: { code } };
}

/** A run that applies its plan; how it ends it tells in its report. */
function run(scene: SceneName, report: object, policy = little): OwnScenario {
  const input = { ...shared('apply', policy), ...runOf(scene) };
  return { orchestration: 'onboardCluster', input, end: succeeds(report), scenes: [scene] };
}

function creation(scene: SceneName): OwnScenario {
  const create = CreationSpec.parse({
    cluster: clusterOf(scene),
    location: 'westeurope',
    pools: [{ name: 'system', vmSize: 'Standard_D4ds_v5' }],
  });
  const input = { ...shared('apply', little), ...runOf(scene), create };
  const end = succeeds({ state: 'succeeded', applied: 2 });
  return { orchestration: 'onboardCluster', input, end, scenes: [scene] };
}

function podIdentity(orchestration: string, scene: SceneName): OwnScenario {
  const enabling = {
    name: scene,
    resourceUid: 'uid',
    until: '2027-03-31',
    kubenet: false,
    namespace: 'shop',
  };
  const input = { clusterId: clusterOf(scene), edits: [], ...enabling };
  return { orchestration, input, end: { ok: true }, scenes: [scene] };
}

const carriedOut = { clustersAtOnce: 1, approvals: [], policy: little, ends: [] };

/** Its id tells the scene to activities that are about no cluster. */
function migration(orchestration: string, scene: SceneName, more: object): OwnScenario {
  const migrationId = `mig_${subscriptionOf(scene)}`;
  const options = MigrationOptions.parse({ probeImage: 'probe' });
  const input = { migrationId, clusterIds: [clusterOf(scene)], options, ...more };
  return { orchestration, input, end: { ok: true }, scenes: [scene] };
}

function failedRun(scene: SceneName, code: string, applied = 0): OwnScenario {
  return run(scene, { state: 'failed', applied, failure: { code } });
}

function fleet(
  scenes: readonly SceneName[],
  { mode, end }: { readonly mode: 'apply' | 'report'; readonly end: object },
): OwnScenario {
  const policy = { ...everything, clustersAtOnce: 2 };
  const input = { runs: scenes.map(runOf), shared: shared(mode, policy), done: 0, failed: 0 };
  return { orchestration: 'onboardFleet', input, end: succeeds(end), scenes };
}

function withFlag(orchestration: string, scene: SceneName, end: object): OwnScenario {
  const input = { subscriptionId: subscriptionOf(scene), feature: flag };
  return { orchestration, input, end, scenes: [scene] };
}

function evaluation(scene: SceneName): OwnScenario {
  const input = { clusterId: clusterOf(scene), policy: little, cause, afterRun: 'run_1' };
  return {
    orchestration: 'evaluateCluster',
    input,
    end: succeeds({ findings: 2 }),
    scenes: [scene],
  };
}

function sweep(scene: SceneName): OwnScenario {
  const input = { subscriptions: [subscriptionOf(scene)], policy: little, cause };
  const end = succeeds({ clusters: 3000, withFindings: 30, findings: 45 });
  return { orchestration: 'sweepFleet', input, end, scenes: [scene] };
}

function operation(scene: SceneName, deadline: string, end: object): OwnScenario {
  const target = clusterOf(scene);
  const input = { operation: running({ target, pollAfterSeconds: 60 }), deadline };
  return { orchestration: 'waitForOperation', input, end, scenes: [scene] };
}

/** By what each is about. */
export const ownScenarios: Readonly<Record<string, OwnScenario>> = {
  'a cluster that needs everything': run(
    'everything',
    { state: 'succeeded', applied: 8 },
    everything,
  ),
  'a cluster in order': run('inOrder', { state: 'succeeded', applied: 0 }),
  'a cluster with an old image': run('staleImage', { state: 'succeeded', applied: 1 }),
  'a cluster that may not be changed': failedRun('blocked', 'ClusterStopped'),
  'a step that is refused': failedRun('refused', 'DeniedByPolicy', 2),
  'an operation that fails': failedRun('failedOperation', 'DeniedByPolicy'),
  'a switch to an identity that Azure makes': run(
    'systemAssigned',
    { state: 'succeeded', applied: 2 },
    aPolicy({ identity: { controlPlane: 'systemAssigned' } }),
  ),
  'roles that Azure honours late': run('rolesLate', { state: 'succeeded', applied: 4 }),
  'nodes that get an identity of their own': run(
    'ownKubelet',
    { state: 'succeeded', applied: 3 },
    aPolicy({ identity: { kubelet: 'own', replaceExisting: true } }),
  ),
  'rights that a former principal has left': run('leftRoles', { state: 'succeeded', applied: 1 }),
  'a cluster that is created': creation('created'),
  'pod identity that is switched on': podIdentity('enablePodIdentity', 'podIdentityOn'),
  'a pod identity that is proved': podIdentity('provePodIdentity', 'podIdentityProved'),
  'pod identities that are changed': podIdentity('changePodIdentities', 'podIdentityChanged'),
  'a migration that is planned': migration('drawUpMigration', 'migrationPlanned', {}),
  'a migration of all workloads': migration('migrateFleet', 'migrated', carriedOut),
  'a migration in part': migration('migrateFleet', 'migratedInPart', carriedOut),
  'a migration that is taken back': migration('rollBackMigration', 'migrationRolledBack', {}),
  'a switch that does not show': failedRun('notSwitched', 'NotVerified', 2),
  'activities that succeed when repeated': run('hesitant', { state: 'succeeded', applied: 1 }),
  'an activity that is repeated in vain': failedRun('outOfReach', 'Unavailable'),
  'a step that is repeated in vain': failedRun('outOfReachLater', 'Unavailable'),
  'a bug in an activity': failedRun('buggy', 'Internal'),
  'a cluster that is busy for a while': run('busy', { state: 'succeeded', applied: 1 }),
  'a cluster that is always busy': failedRun('alwaysBusy', 'Conflict'),
  'an operation that takes sixty polls': run('slowOperation', { state: 'succeeded', applied: 1 }),
  'an operation that does not end': failedRun('endlessOperation', 'DeadlineExceeded'),
  'an operation that is late at once': operation(
    'lateOperation',
    '2026-01-01T00:00:00.000Z',
    fails('DeadlineExceeded'),
  ),
  'a run that cannot be written down': {
    ...run('unrecorded', {}),
    end: "Orchestrator function 'onboardCluster' failed: concludeRun was repeated in vain, last because of: Azure is out of reach.",
  },
  'a fleet in waves': fleet(
    [
      'everythingInFleet',
      'blockedInFleet',
      'unrecordedInFleet',
      'staleImageInFleet',
      'inOrderInFleet',
    ],
    { mode: 'apply', end: { done: 5, failed: 2 } },
  ),
  'a run that breaks down long before the other one of its wave': fleet(
    ['unrecordedEarly', 'slowInFleet', 'inOrderAtLast'],
    { mode: 'apply', end: { done: 3, failed: 1 } },
  ),
  'a fleet that is reported on': fleet(['everythingReported', 'blockedReported'], {
    mode: 'report',
    end: { done: 2, failed: 0 },
  }),
  'a flag that is not approved': withFlag(
    'registerFeature',
    'pendingFlag',
    fails('FeaturePending'),
  ),
  'a flag that is still used': withFlag('unregisterFeature', 'usedFlag', succeeds({ usedBy: 2 })),
  'an evaluation after a run': evaluation('deferred'),
  'an evaluation after a long run': evaluation('deferredLong'),
  'a sweep of three pages': sweep('swept'),
};
