import type { MigrationActivities } from '../../activities/migration';
import type { Operation } from '../../domain/operation';
import type { Step } from '../../domain/plan/steps';
import { sideEffects } from '../../domain/plan/steps';
import type { ClusterSnapshot } from '../../domain/snapshot';
import { applied, assignment, ownKubeletPrincipal, rolled } from './apply-step';
import { controlPlanePrincipal } from './clusters';
import type { Scripted } from './run-orchestration';

/** A long-running operation that has begun. */
export function running(overrides: Partial<Operation & { status: 'running' }> = {}): Operation {
  return {
    status: 'running',
    title: 'change of aks-orders',
    target: '/subscriptions/1',
    subscriptionId: '1',
    pollAfterSeconds: 30,
    ...overrides,
  };
}

/** The activities of onboarding; a migration has its own. */
export type OnboardingScript = Required<Omit<Scripted, keyof MigrationActivities>>;

/** The whole cast of activities over one cluster, which changes as Azure would change it. */
export function scriptedAzure(first: ClusterSnapshot): {
  readonly activities: OnboardingScript;
  readonly cluster: () => ClusterSnapshot;
} {
  let now = first;
  const become = (step: Step): void => {
    now = applied(now, step);
  };
  const activities: OnboardingScript = {
    ...changes(become),
    takeSnapshot: () => now,
    readCluster: () => now,
    readPool: ({ pool }) => ({
      imageVersion: now.nodePools.find(({ name }) => name === pool)?.imageVersion ?? '',
      usesKubeletIdentity: !now.poolsBeforeSwitch.includes(pool),
    }),
    readFeature: ({ feature }) => ({ state: now.features[feature]?.state ?? 'NotRegistered' }),
    assignRole: ({ principalId, requirement }) => {
      const made = assignment(requirement, principalId);
      if (now.assignments.some(({ id }) => id === made.id)) return { created: false };
      now = { ...now, assignments: [...now.assignments, made] };
      return { created: true };
    },
    startNodeImageRoll: ({ pool }) => {
      now = rolled(now, pool.name);
      return running({ title: `roll of ${pool.name}` });
    },
    pollOperation: () => ({ status: 'succeeded' }),
    judgeCluster: () => ({ deferred: false, findings: 0 }),
    readClusterContent: () => ({ done: true, state: 'read', objects: 0, logsUnread: [] }),
    surveyMigration: ({ surveyId, clusterIds }) => ({
      surveyId,
      clusters: clusterIds.length,
      otherClusters: 0,
      identities: 0,
      roleAssignments: 0,
      scaleSets: 0,
      unread: [],
    }),
    surveyPodIdentity: notOfOnboarding,
    writePodIdentity: notOfOnboarding,
    startDemoPod: notOfOnboarding,
    readDemoPod: notOfOnboarding,
    removeDemoPod: notOfOnboarding,
    noteAcceptance: () => ({ noted: true }),
    surveyCreation: () => ({ exists: false, missingGroups: [] }),
    sweepPage: () => ({ clusters: 0, withFindings: 0, findings: 0, skipToken: '' }),
    concludeRun: () => ({ concluded: true }),
    checkRights: () => ({ checked: 1 }),
    storePlan: ({ runId, plan, asOf, ...rest }) => ({
      ...rest,
      id: runId.replace('run_', 'pl_'),
      hash: 'sha256:0',
      steps: plan.steps.map((step) => ({ ...step, ...sideEffects(step) })),
      blockers: plan.blockers,
      createdAt: asOf,
      preflight: true,
    }),
  };
  return { activities, cluster: () => now };
}

function notOfOnboarding(): never {
  throw new Error('onboarding changes no pod identities');
}

function changes(become: (step: Step) => void) {
  return {
    requestFeature: ({ subscriptionId, feature }) => {
      become({ kind: 'registerFeature', subscriptionId, feature });
      return { state: 'Registering', owned: true };
    },
    withdrawFeature: ({ subscriptionId, feature }) => {
      become({ kind: 'unregisterFeature', subscriptionId, feature });
      return { state: 'Unregistering', owned: true, usedBy: 0 };
    },
    registerProvider: () => ({ state: 'Registering' }),
    readProvider: () => ({ state: 'Registered' }),
    createResourceGroup: () => ({ created: true }),
    createIdentity: ({ resourceId, location }) => {
      const principal = resourceId.endsWith('-kubelet') ? 'kubelet' : 'controlPlane';
      become({ kind: 'createIdentity', principal, resourceId, location });
      const principalId = principal === 'kubelet' ? ownKubeletPrincipal : controlPlanePrincipal;
      return { principalId };
    },
    createCluster: () => running({ title: 'creation' }),
    switchIdentity: ({ identity }) => {
      become({ kind: 'enableManagedIdentity', from: 'servicePrincipal', identity, roles: [] });
      return running({ title: 'identity switch' });
    },
    adoptKubeletIdentity: ({ resourceId }) => {
      become({ kind: 'adoptKubeletIdentity', resourceId, pools: [] });
      return running({ title: 'change of the kubelet identity' });
    },
    removeRole: ({ assignment: gone }) => {
      become({ kind: 'removeRoles', assignments: [gone] });
      return { removed: true };
    },
    noteIdentityChange: () => ({ noted: true }),
    disablePodIdentity: ({ deadEntries }) => {
      become({ kind: 'retirePodIdentity', deadEntries });
      return running({ title: 'retirement of the pod-identity add-on' });
    },
  } satisfies Scripted;
}
