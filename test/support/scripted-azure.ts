import type { ClusterSnapshot } from '../../domain/cluster';
import type { Operation } from '../../domain/operation';
import type { Step } from '../../domain/steps';
import { sideEffects } from '../../domain/steps';
import { applied, assignment, rolled } from './apply-step';
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

/** The whole cast of activities over one cluster, which changes as Azure would change it. */
export function scriptedAzure(first: ClusterSnapshot): {
  readonly activities: Required<Scripted>;
  readonly cluster: () => ClusterSnapshot;
} {
  let now = first;
  const become = (step: Step): void => {
    now = applied(now, step);
  };
  const activities: Required<Scripted> = {
    ...changes(become),
    takeSnapshot: () => now,
    readCluster: () => now,
    readPool: ({ pool }) => ({
      imageVersion: now.nodePools.find(({ name }) => name === pool)?.imageVersion ?? '',
      usesKubeletIdentity: !now.poolsBeforeSwitch.includes(pool),
    }),
    readFeature: ({ feature }) => ({ state: now.features[feature]?.state ?? 'NotRegistered' }),
    assignRole: ({ principalId, requirement }) => {
      now = { ...now, assignments: [...now.assignments, assignment(requirement, principalId)] };
      return { created: true };
    },
    startNodeImageRoll: ({ pool }) => {
      now = rolled(now, pool.name);
      return running({ title: `roll of ${pool.name}` });
    },
    pollOperation: () => ({ status: 'succeeded' }),
    judgeCluster: () => ({ deferred: false, findings: 0 }),
    sweepPage: () => ({ clusters: 0, withFindings: 0, findings: 0, skipToken: '' }),
    concludeRun: () => ({ concluded: true }),
    storePlan: ({ runId, plan, asOf, ...rest }) => ({
      ...rest,
      id: runId.replace('run_', 'pl_'),
      hash: 'sha256:0',
      steps: plan.steps.map((step) => ({ ...step, ...sideEffects(step) })),
      blockers: plan.blockers,
      createdAt: asOf,
    }),
  };
  return { activities, cluster: () => now };
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
    createIdentity: ({ resourceId, location }) => {
      become({ kind: 'createIdentity', resourceId, location });
      return { principalId: controlPlanePrincipal };
    },
    switchIdentity: ({ identity }) => {
      become({ kind: 'enableManagedIdentity', identity });
      return running({ title: 'identity switch' });
    },
    disablePodIdentity: ({ deadEntries }) => {
      become({ kind: 'retirePodIdentity', deadEntries });
      return running({ title: 'retirement of the pod-identity add-on' });
    },
  } satisfies Scripted;
}
