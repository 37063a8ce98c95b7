import type { Activities } from '../../../activities';
import { activities } from '../../../activities';
import type { Operation } from '../../../domain/operation';
import type { Outcome } from '../../../domain/outcome';
import { podIdentityFeature } from '../../../domain/policy';
import type { JsonObject } from '../../../simulator/json';
import {
  aCluster,
  aPolicy,
  armId,
  clusterId,
  controlPlaneId,
  controlPlanePrincipal,
  identityId,
  newImage,
  nodeSubnet,
  oldImage,
  registry,
  subscriptionId,
} from '../../support/clusters';
import type { TestAzure } from './azure';
import {
  aFeature,
  aNetwork,
  aScaleSet,
  aWireCluster,
  aWirePool,
  anIdentity,
  anOldWireCluster,
  thePodIdentityAddOn,
} from './resources';

/** An activity with all of its work to do, and the world in which it has that. */
export interface Case {
  readonly what: string;
  readonly world: readonly JsonObject[];
  readonly act: (azure: TestAzure) => Promise<Outcome<unknown>>;
  /** Operation that the activity itself asks for, where `act` must prepare something in Azure. */
  readonly only?: string;
}

const asOf = '2026-11-24T08:00:00.000Z';
const feature = { subscriptionId, feature: podIdentityFeature };
const change = { ...feature, runId: 'run_1', asOf };
const policy = aPolicy({ roles: { registries: [registry] } });
const wait = (operation: Partial<Operation & { status: 'running' }>): Operation => ({
  status: 'running',
  title: 'change of aks-orders',
  target: armId,
  subscriptionId,
  pollAfterSeconds: 60,
  ...operation,
});

const stalePool = aWirePool('apps', { nodeImageVersion: oldImage });
const staleCluster = aWireCluster({ agentPoolProfiles: [aWirePool('system'), stalePool] });
const switched = [aScaleSet('system', 'kubelet identity'), aScaleSet('apps', 'nothing')];
const addOn = thePodIdentityAddOn('gone');
const kubenet = aWireCluster({
  ...addOn,
  networkProfile: { networkPlugin: 'kubenet' },
  agentPoolProfiles: [aWirePool('system', { vnetSubnetID: nodeSubnet })],
});
const everything = [
  kubenet,
  ...switched,
  aNetwork(),
  aFeature('Registered'),
  anIdentity(controlPlaneId),
];

/** At least one case for each activity; several where one does not call all that the activity may call. */
export const cases: Readonly<Record<keyof Activities, readonly Case[]>> = {
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
  takeSnapshot: [
    {
      what: 'a kubenet cluster with the pod-identity add-on',
      world: everything,
      act: ({ call }) => call(activities.takeSnapshot, { clusterId, policy }),
    },
  ],
  judgeCluster: [
    {
      what: 'a kubenet cluster with the pod-identity add-on',
      world: everything,
      act: ({ call }) =>
        call(activities.judgeCluster, { clusterId, policy, afterRun: '', asOf, cause: 'test' }),
    },
  ],
  sweepPage: [
    {
      what: 'a fleet of one',
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
  requestFeature: [
    {
      what: 'a flag that is not registered',
      world: [aFeature('NotRegistered')],
      act: ({ call }) => call(activities.requestFeature, change),
    },
  ],
  withdrawFeature: [
    {
      what: 'a flag that nobody uses any more',
      world: [aFeature('Registered'), aWireCluster()],
      act: ({ call }) => call(activities.withdrawFeature, change),
    },
  ],
  registerProvider: [
    {
      what: 'a provider',
      world: [aFeature('Registered')],
      act: ({ call }) => call(activities.registerProvider, { ...change, verb: 'register' }),
    },
  ],
  createIdentity: [
    {
      what: 'an identity that is not there',
      world: [aWireCluster()],
      act: ({ call }) =>
        call(activities.createIdentity, {
          clusterId,
          resourceId: identityId('id-new'),
          location: 'westeurope',
        }),
    },
  ],
  assignRole: [
    {
      what: 'a role that is missing',
      world: [aNetwork()],
      act: ({ call }) =>
        call(activities.assignRole, {
          clusterId,
          principalId: controlPlanePrincipal,
          requirement: {
            id: 'RR-SUBNET',
            principal: 'controlPlane',
            role: 'networkContributor',
            scope: nodeSubnet,
            reason: 'nodes join this subnet',
          },
        }),
    },
  ],
  switchIdentity: [
    {
      what: 'a cluster on a service principal',
      world: [anOldWireCluster(), anIdentity(controlPlaneId)],
      act: ({ call }) => {
        const identity = { kind: 'userAssigned', resourceId: controlPlaneId } as const;
        return call(activities.switchIdentity, { clusterId, identity });
      },
    },
  ],
  disablePodIdentity: [
    {
      what: 'an add-on with a dead entry',
      world: [aWireCluster(addOn), aFeature('Registered'), anIdentity(controlPlaneId)],
      act: ({ call }) =>
        call(activities.disablePodIdentity, { clusterId, deadEntries: ['apps/gone'] }),
    },
  ],
  startNodeImageRoll: [
    {
      what: 'a pool with an old image',
      world: [staleCluster, ...switched],
      act: ({ call }) => call(activities.startNodeImageRoll, { clusterId, pool: roll('apps') }),
    },
    {
      what: 'a pool with nodes from before the switch',
      world: [aWireCluster(), ...switched],
      act: ({ call }) => call(activities.startNodeImageRoll, { clusterId, pool: roll('apps') }),
    },
  ],
};

function roll(name: string) {
  const reason = 'identity and image' as const;
  return { name, reason, from: oldImage, to: newImage, nodes: aCluster().nodePools.length };
}

/** Every case with a title, for `it.each`. */
export const titledCases: readonly (readonly [string, Case])[] = Object.entries(cases).flatMap(
  ([name, list]) => list.map((one) => [`${name}: ${one.what}`, one] as const),
);
