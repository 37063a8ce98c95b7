import type { Activities } from '../../../activities';
import { activities } from '../../../activities';
import { assignmentDescription, assignmentName } from '../../../domain/roles/assignment-name';
import { roles } from '../../../domain/roles/built-in-roles';
import {
  aCluster,
  aRequirement,
  armId,
  clusterId,
  controlPlaneId,
  controlPlanePrincipal,
  identityId,
  newImage,
  nodeSubnet,
  oldImage,
  subscriptionId,
} from '../../support/clusters';
import {
  aFeature,
  aNetwork,
  aWireAssignment,
  aWireCluster,
  anIdentity,
  anOldWireCluster,
} from './resources';
import type { Case } from './case';
import { asOf, change, former, staleCluster, switched, addOn } from './case-worlds';

const operatorByUs = aWireAssignment(
  'Managed Identity Operator',
  {
    scope: identityId('orders'),
    description: assignmentDescription('aks-orders', 'RR-PODID-MIO'),
  },
  assignmentName(identityId('orders'), controlPlanePrincipal, 'Managed Identity Operator'),
);

/** A cluster with a pod identity that Steward gets into by its local account. */
const entered = aWireCluster({
  aadProfile: {},
  disableLocalAccounts: false,
  podIdentityProfile: {
    enabled: true,
    userAssignedIdentities: [
      { namespace: 'default', name: 'orders', identity: { resourceId: identityId('orders') } },
    ],
  },
});
const demo = { clusterId, namespace: 'default', name: 'orders', pod: 'steward-demo-1' };

/** Activities that change Azure. */
export const changingCases = {
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
  createResourceGroup: [
    {
      what: 'a group that is not there',
      world: [],
      act: ({ call }) =>
        call(activities.createResourceGroup, {
          resourceId: `/subscriptions/${subscriptionId}/resourceGroups/rg-new`,
          location: 'westeurope',
        }),
    },
  ],
  createCluster: [
    {
      what: 'a cluster that is not there',
      world: [anIdentity(controlPlaneId)],
      act: ({ call }) =>
        call(activities.createCluster, {
          clusterId,
          armId,
          body: {
            location: 'westeurope',
            tags: { 'aks-identity-steward-run': 'run_1' },
            identity: { type: 'UserAssigned', userAssignedIdentities: { [controlPlaneId]: {} } },
            properties: {
              dnsPrefix: 'orders',
              agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3 }],
            },
          },
        }),
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
          requirement: aRequirement(),
        }),
    },
  ],
  removeRole: [
    {
      what: 'an assignment of a principal that the cluster had before',
      world: [aWireCluster(), aNetwork(), aWireAssignment('Contributor', { principalId: former })],
      act: ({ call }) =>
        call(activities.removeRole, {
          clusterId,
          assignment: {
            id: `${nodeSubnet}/providers/Microsoft.Authorization/roleAssignments/1`,
            principalId: former,
            role: roles.Contributor,
            scope: nodeSubnet,
            why: 'it was replaced',
            former: true,
          },
        }),
    },
    {
      what: 'an assignment that Steward made for a pod identity',
      world: [aWireCluster(), operatorByUs],
      act: ({ call }) =>
        call(activities.removeRole, {
          clusterId,
          assignment: {
            id: operatorByUs['id'] as string,
            principalId: controlPlanePrincipal,
            role: roles['Managed Identity Operator'],
            scope: identityId('orders'),
            why: 'the pod identity is gone',
            former: false,
          },
        }),
    },
  ],
  adoptKubeletIdentity: [
    {
      what: 'an identity for the nodes',
      world: [
        aWireCluster(),
        ...switched,
        anIdentity(controlPlaneId),
        anIdentity(identityId('id-nodes'), former),
        aWireAssignment('Managed Identity Operator', { scope: identityId('id-nodes') }),
      ],
      act: ({ call }) =>
        call(activities.adoptKubeletIdentity, { clusterId, resourceId: identityId('id-nodes') }),
    },
  ],
  noteIdentityChange: [
    {
      what: 'a service principal that was replaced',
      world: [],
      act: ({ call }) =>
        call(activities.noteIdentityChange, {
          clusterId,
          resourceUid: 'uid',
          former: { kind: 'servicePrincipal', objectId: former, until: asOf },
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
  writePodIdentity: [
    {
      what: 'one more pod identity',
      world: [
        aWireCluster({ podIdentityProfile: { enabled: true } }),
        anIdentity(controlPlaneId),
        anIdentity(identityId('orders'), former),
        aWireAssignment('Managed Identity Operator', { scope: identityId('orders') }),
      ],
      act: ({ call }) =>
        call(activities.writePodIdentity, {
          clusterId,
          edits: [
            {
              ...{ edit: 'addIdentity', name: 'orders', namespace: 'apps' },
              identity: { resourceId: identityId('orders'), clientId: 'c', objectId: former },
            },
          ],
        }),
    },
  ],
  noteAcceptance: [
    {
      what: 'the acceptance of a cluster',
      world: [],
      act: ({ call }) =>
        call(activities.noteAcceptance, { clusterId, until: '2027-03-31', resourceUid: '', asOf }),
    },
  ],
  startDemoPod: [
    {
      what: 'a pod identity that the cluster has',
      world: [entered],
      act: ({ call }) => call(activities.startDemoPod, demo),
    },
  ],
  readDemoPod: [
    {
      what: 'a demo that is not there',
      world: [entered],
      act: ({ call }) => call(activities.readDemoPod, demo),
    },
  ],
  removeDemoPod: [
    {
      what: 'a demo that is not there',
      world: [entered],
      act: ({ call }) => call(activities.removeDemoPod, demo),
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
} satisfies { readonly [Name in keyof Activities]?: readonly Case[] };

function roll(name: string) {
  const reason = 'identity and image' as const;
  return { name, reason, from: oldImage, to: newImage, nodes: aCluster().nodePools.length };
}
