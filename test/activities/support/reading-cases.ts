import type { Activities } from '../../../activities';
import { activities } from '../../../activities';
import { storePart } from '../../../activities/survey-store';
import {
  armId,
  clusterId,
  controlPlaneId,
  identityId,
  subscriptionId,
} from '../../support/clusters';
import {
  aFeature,
  aNetwork,
  aRegistry,
  aWireAssignment,
  aWireCluster,
  anIdentity,
  anOldWireCluster,
  customRole,
} from './resources';
import type { Case } from './case';
import {
  aRollPlan,
  asOf,
  feature,
  policy,
  wait,
  spec,
  switched,
  everything,
  snapshotWorlds,
  addOn,
  adding,
  former,
  kubenetSpec,
} from './case-worlds';

/** Activities that read Azure, or keep what Steward knows. */
export const readingCases = {
  readCluster: [
    {
      what: 'a cluster',
      world: [aWireCluster()],
      act: ({ call }) => call(activities.readCluster, { clusterId }),
    },
  ],
  readPool: [
    {
      what: 'a pool of a switched cluster',
      world: [aWireCluster(), ...switched],
      act: ({ call }) => call(activities.readPool, { clusterId, pool: 'apps' }),
    },
  ],
  readFeature: [
    {
      what: 'a flag',
      world: [aFeature('Registered')],
      act: ({ call }) => call(activities.readFeature, feature),
    },
  ],
  readProvider: [
    {
      what: 'the provider of a flag',
      world: [aFeature('Registered')],
      act: ({ call }) => call(activities.readProvider, feature),
    },
  ],
  takeSnapshot: snapshotWorlds.map((one) => ({
    ...one,
    act: ({ call }) => call(activities.takeSnapshot, { clusterId, policy, asOf }),
  })),
  surveyCreation: [
    {
      what: 'a cluster of which nothing is there yet, in a network with its own DNS',
      world: [
        aNetwork(),
        aFeature('NotRegistered'),
        aRegistry(),
        anIdentity(controlPlaneId),
        aWireAssignment('Reader', { roleDefinitionId: customRole }),
      ],
      act: ({ call }) => call(activities.surveyCreation, { spec, policy, asOf }),
    },
    {
      what: 'a cluster under kubenet with pod identity, where nothing is there yet',
      world: [aFeature('NotRegistered'), anIdentity(controlPlaneId)],
      act: ({ call }) => call(activities.surveyCreation, { spec: kubenetSpec, policy, asOf }),
    },
  ],
  surveyPodIdentity: [
    {
      what: 'a cluster under kubenet that is to have the add-on',
      // A cluster that cannot be entered is a reason that the plan names.
      optional: ['managedclusters/listclusterusercredential/action'],
      world: [aWireCluster({ networkProfile: { networkPlugin: 'kubenet' } })],
      act: ({ call }) =>
        call(activities.surveyPodIdentity, {
          clusterId,
          change: {
            ...{ kind: 'enable', acceptUnsupported: true, expires: '2027-03-31' },
            ...{ consentKubenet: true, exceptions: [] },
          },
          asOf,
        }),
    },
    {
      what: 'a cluster that is to have one more pod identity, with the role of the demo',
      world: [
        aWireCluster(addOn),
        anIdentity(controlPlaneId),
        anIdentity(identityId('orders'), former),
      ],
      act: ({ call }) => call(activities.surveyPodIdentity, { clusterId, change: adding, asOf }),
    },
  ],
  readClusterContent: [
    {
      what: 'a cluster with local accounts',
      world: [aWireCluster({ aadProfile: {}, disableLocalAccounts: false })],
      act: ({ call }) => call(activities.readClusterContent, { surveyId: 'sv_1', clusterId }),
    },
  ],
  surveyMigration: [
    {
      what: 'a cluster with pod identity as open source',
      // What Steward may not see of these is said in the result.
      optional: ['features/read', 'userassignedidentities/read', 'roleassignments/list'],
      world: [aWireCluster(), aFeature('Registered'), anIdentity(controlPlaneId), ...switched],
      act: async ({ call, clients }) => {
        const survey = { surveyId: 'sv_1', clusterId, name: 'azureidentities' };
        const spec = { type: 0, resourceID: controlPlaneId };
        await storePart(clients.records, survey, [{ kind: 'AzureIdentity', spec }]);
        return call(activities.surveyMigration, { surveyId: 'sv_1', clusterIds: [clusterId] });
      },
    },
  ],
  judgeCluster: snapshotWorlds.map((one) => ({
    ...one,
    act: ({ call }) =>
      call(activities.judgeCluster, { clusterId, policy, afterRun: '', asOf, cause: 'test' }),
  })),
  sweepPage: [
    {
      what: 'a fleet of one',
      // Rules about the subscription are unknown then.
      optional: [
        'features/read',
        'managedclusters/list',
        'read',
        'roleassignmentsusagemetrics/list',
      ],
      world: everything,
      act: ({ call }) =>
        call(activities.sweepPage, {
          subscriptions: [subscriptionId],
          policy,
          skipToken: '',
          asOf,
          cause: 'sweep_1',
        }),
    },
  ],
  checkRights: [
    {
      what: 'a plan that re-images a pool',
      world: [aWireCluster()],
      act: async ({ call, clients }) => {
        await clients.records.put('plan', 'pl_1', aRollPlan);
        return call(activities.checkRights, { clusterId, planId: 'pl_1' });
      },
    },
  ],
  storePlan: [
    {
      what: 'a plan',
      world: [],
      act: ({ call }) =>
        call(activities.storePlan, {
          runId: 'run_1',
          clusterId,
          armId,
          plan: { steps: [], blockers: [] },
          findings: [],
          approvedBy: '',
          asOf,
        }),
    },
  ],
  concludeRun: [
    {
      what: 'the end of a run',
      world: [],
      act: ({ call }) =>
        call(activities.concludeRun, {
          runId: 'run_1',
          clusterId,
          planId: 'pl_1',
          state: 'succeeded',
          applied: 1,
          startedAt: asOf,
          endedAt: asOf,
        }),
    },
  ],
  pollOperation: [
    {
      what: 'an operation by its URL',
      only: 'locations/operations/read',
      world: [anOldWireCluster()],
      act: async ({ call, value }) => {
        const identity = { kind: 'systemAssigned' } as const;
        const operation = await value(activities.switchIdentity, { clusterId, identity });
        return call(activities.pollOperation, { operation });
      },
    },
    {
      what: 'an operation by its cluster',
      world: [aWireCluster()],
      act: ({ call }) => call(activities.pollOperation, { operation: wait({}) }),
    },
    {
      what: 'an operation by its node pool',
      world: [aWireCluster()],
      act: ({ call }) => {
        const operation = wait({ target: `${armId}/agentPools/apps` });
        return call(activities.pollOperation, { operation });
      },
    },
  ],
} satisfies { readonly [Name in keyof Activities]?: readonly Case[] };
