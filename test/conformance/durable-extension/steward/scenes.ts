import type { LedgerChange } from '../../../../domain/migration/ledger';
import type { ClusterSnapshot } from '../../../../domain/snapshot';
import { FailureError, TransientError } from '../../../../domain/outcome';
import { podIdentityFeature } from '../../../../domain/policy';
import {
  aCluster,
  aPool,
  anAssignment,
  anOldCluster,
  oldImage,
  podIdentityWith,
  servicePrincipal,
} from '../../../support/clusters';
import type { Scripted } from '../../../support/run-orchestration';
import { aWork, aWorkload, scriptedMigration } from '../../../support/scripted-migration';
import { running } from '../../../support/scripted-azure';
import type { OnboardingScript } from '../../../support/scripted-azure';

/** A cluster in a subscription of its own, and what Azure does there otherwise than at once and well. */
export interface Scene {
  readonly cluster: ClusterSnapshot;
  readonly script?: (azure: OnboardingScript) => Scripted;
}

const { entries } = podIdentityWith('id-one', 'id-two');
const needsEverything = anOldCluster({
  podIdentity: { enabled: true, entries },
  missingIdentities: entries.map(({ identityId }) => identityId),
  features: { [podIdentityFeature]: { state: 'Registered', usedBy: 1 } },
});
const stopped = anOldCluster({ stopped: true });
const needsImage = aCluster({
  nodePools: [aPool('apps'), aPool('system', { imageVersion: oldImage })],
});

/** By the names that scenarios call them by. */
export const scenes = {
  everything: { cluster: needsEverything },
  everythingInFleet: { cluster: needsEverything },
  everythingReported: { cluster: needsEverything },
  inOrder: { cluster: aCluster() },
  inOrderInFleet: { cluster: aCluster() },
  inOrderAtLast: { cluster: aCluster() },
  staleImage: { cluster: needsImage },
  staleImageInFleet: { cluster: needsImage },
  blocked: { cluster: stopped },
  blockedInFleet: { cluster: stopped },
  blockedReported: { cluster: stopped },
  refused: { cluster: anOldCluster(), script: () => ({ switchIdentity: refuse }) },
  failedOperation: { cluster: needsImage, script: () => ({ pollOperation: refuse }) },
  rolesLate: {
    cluster: anOldCluster(),
    script: (azure) => ({
      switchIdentity: (input, nth) => (nth < 3 ? lackRole() : azure.switchIdentity(input, nth)),
    }),
  },
  systemAssigned: { cluster: anOldCluster() },
  ownKubelet: { cluster: aCluster() },
  leftRoles: {
    cluster: aCluster({
      assignments: [
        ...aCluster().assignments,
        anAssignment('Network Contributor', { id: 'left', principalId: 'former' }),
      ],
      formerPrincipals: [
        { kind: 'servicePrincipal', objectId: 'former', until: '2026-01-01T00:00:00.000Z' },
      ],
    }),
  },
  created: { cluster: aCluster() },
  podIdentityOn: {
    cluster: aCluster({ podIdentity: { enabled: true, entries: [] } }),
    script: () => ({ writePodIdentity: () => running() }),
  },
  podIdentityProved: {
    cluster: aCluster(),
    script: () => ({
      startDemoPod: () => ({ started: true }),
      readDemoPod: (_input, nth) => ({ state: nth < 2 ? 'pending' : 'passed', line: 'a token' }),
      removeDemoPod: () => ({ removed: true }),
    }),
  },
  podIdentityChanged: {
    cluster: aCluster(),
    script: () => ({ writePodIdentity: () => running() }),
  },
  migrated: {
    cluster: aCluster(),
    script: () => scriptedMigration(aWork({ workloads: [aWorkload('orders')] })),
  },
  migratedInPart: {
    cluster: aCluster(),
    script: () =>
      scriptedMigration(aWork({ workloads: [aWorkload('orders')] }), { rehearseWorkload: refuse }),
  },
  migrationPlanned: { cluster: aCluster(), script: () => scriptedMigration(aWork()) },
  migrationRolledBack: {
    cluster: aCluster(),
    script: () => scriptedMigration(aWork(), { readLedger: ledger }),
  },
  notSwitched: {
    cluster: anOldCluster(),
    script: (azure) => ({
      readCluster: (input, nth) => ({
        ...azure.readCluster(input, nth),
        controlPlane: servicePrincipal,
      }),
    }),
  },
  hesitant: {
    cluster: needsImage,
    script: (azure) => ({
      takeSnapshot: (input, nth) => (nth === 0 ? fail() : azure.takeSnapshot(input, nth)),
      storePlan: (input, nth) => (nth < 2 ? fail() : azure.storePlan(input, nth)),
    }),
  },
  outOfReach: { cluster: needsImage, script: () => ({ takeSnapshot: fail }) },
  outOfReachLater: { cluster: needsImage, script: () => ({ startNodeImageRoll: fail }) },
  buggy: { cluster: needsImage, script: () => ({ startNodeImageRoll: breakDown }) },
  unrecorded: { cluster: aCluster(), script: () => ({ concludeRun: fail }) },
  unrecordedInFleet: { cluster: aCluster(), script: () => ({ concludeRun: fail }) },
  unrecordedEarly: { cluster: aCluster(), script: () => ({ concludeRun: fail }) },
  busy: {
    cluster: needsImage,
    script: (azure) => ({
      takeSnapshot: (input, nth) => ({
        ...azure.takeSnapshot(input, nth),
        ...(nth < 3 && { provisioningState: 'Updating' }),
      }),
    }),
  },
  alwaysBusy: { cluster: { ...needsImage, provisioningState: 'Updating' } },
  slowOperation: { cluster: needsImage, script: slow },
  slowInFleet: { cluster: needsImage, script: slow },
  endlessOperation: {
    cluster: needsImage,
    script: () => ({ pollOperation: () => running({ pollAfterSeconds: 600 }) }),
  },
  lateOperation: { cluster: needsImage, script: () => ({ pollOperation: () => running() }) },
  pendingFlag: {
    cluster: aCluster(),
    script: () => ({ readFeature: () => ({ state: 'Pending' }) }),
  },
  usedFlag: {
    cluster: aCluster(),
    script: () => ({ withdrawFeature: () => ({ state: 'Registered', owned: false, usedBy: 2 }) }),
  },
  deferred: { cluster: aCluster(), script: () => deferredFor(3) },
  deferredLong: { cluster: aCluster(), script: () => deferredFor(60) },
  swept: {
    cluster: aCluster(),
    script: () => ({
      sweepPage: (_, nth) => ({
        ...{ clusters: 1000, withFindings: 10, findings: 15 },
        skipToken: nth < 2 ? `page ${nth + 2}` : '',
      }),
    }),
  },
} satisfies Readonly<Record<string, Scene>>;

export type SceneName = keyof typeof scenes;

/** What a migration has changed: an account, a template, the pod identities of the cluster. */
function ledger({ migrationId }: { readonly migrationId: string }) {
  const workload = { kind: 'Deployment', namespace: 'shop', name: 'orders' };
  const patch = { labels: {}, annotations: {}, removeAnnotations: [] };
  return {
    lines: [
      { kind: 'podIdentityProfile', profile: {} },
      { kind: 'template', workload, template: {}, patch, canary: 'none' },
      { kind: 'account', namespace: 'shop', name: 'orders', created: false },
    ].map((change, n) => ({ id: `${migrationId}~${n}`, change: change as LedgerChange })),
  };
}

function refuse(): never {
  throw new FailureError({ code: 'DeniedByPolicy', message: 'A policy denies the change.' });
}

function lackRole(): never {
  throw new FailureError({ code: 'MissingRole', message: 'The identity lacks a role.' });
}

function fail(): never {
  throw new TransientError('Azure is out of reach.\nIt has been for a while.');
}

function breakDown(): never {
  throw new RangeError('a bug');
}

function slow(): Scripted {
  return {
    pollOperation: ({ operation }, nth) => (nth < 60 ? operation : { status: 'succeeded' }),
  };
}

function deferredFor(times: number): Scripted {
  return { judgeCluster: (_, nth) => ({ deferred: nth < times, findings: nth < times ? 0 : 2 }) };
}
