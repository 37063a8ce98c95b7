import { CreationSpec } from '../../../domain/creation-spec';
import type { Operation } from '../../../domain/operation';
import type { PodIdentityChange } from '../../../domain/pod-identity/change';
import { sideEffects } from '../../../domain/plan/steps';
import type { Step } from '../../../domain/plan/steps';
import { podIdentityFeature } from '../../../domain/policy';
import type { PlanRecord } from '../../../domain/records';
import {
  aPolicy,
  armId,
  clusterId,
  controlPlaneId,
  identityId,
  newImage,
  nodeSubnet,
  oldImage,
  registry,
  subscriptionId,
} from '../../support/clusters';
import {
  aFeature,
  aNetwork,
  aRegistry,
  aVault,
  aScaleSet,
  aWireAssignment,
  aWireCluster,
  aWirePool,
  anIdentity,
  customRole,
  thePodIdentityAddOn,
  vaultId,
} from './resources';
import type { Case } from './case';

export const asOf = '2026-11-24T08:00:00.000Z';
export const feature = { subscriptionId, feature: podIdentityFeature };
export const change = { ...feature, runId: 'run_1', asOf };
export const policy = aPolicy({ roles: { registries: [registry] } });
export const wait = (operation: Partial<Operation & { status: 'running' }>): Operation => ({
  status: 'running',
  title: 'change of aks-orders',
  target: armId,
  subscriptionId,
  pollAfterSeconds: 60,
  ...operation,
});

/** A stored plan that re-images one pool. */
export const aRollPlan: PlanRecord = {
  id: 'pl_1',
  clusterId,
  armId,
  hash: 'sha256:0',
  steps: [rollOf('apps')].map((step) => ({ ...step, ...sideEffects(step) })),
  blockers: [],
  findings: [],
  createdAt: asOf,
};

function rollOf(name: string): Step {
  const pool = { name, reason: 'image', from: oldImage, to: newImage, nodes: 3 } as const;
  return { kind: 'rollNodeImages', pools: [pool] };
}

/** Object id of somebody who is not the cluster any more. */
export const former = '55555555-5555-4555-8555-555555555555';

export const spec = CreationSpec.parse({
  cluster: armId,
  location: 'westeurope',
  kubelet: 'own',
  pools: [{ name: 'system', vmSize: 'Standard_D4ds_v5' }],
  network: { subnetId: nodeSubnet },
  privateCluster: {},
});

/** The same without a network of ours, under kubenet with the pod-identity add-on. */
export const kubenetSpec = CreationSpec.parse({
  cluster: armId,
  location: 'westeurope',
  pools: [{ name: 'system', vmSize: 'Standard_D4ds_v5' }],
  network: { mode: 'kubenet' },
  podIdentity: { acceptUnsupported: true, expires: '2027-03-31', consentKubenet: true },
});

/** One more pod identity, with the role of the demo. */
export const adding: PodIdentityChange = {
  kind: 'add',
  identities: [
    { name: 'orders', namespace: 'apps', identityId: identityId('orders'), demoRole: true },
  ],
};

export const stalePool = aWirePool('apps', { nodeImageVersion: oldImage });
export const staleCluster = aWireCluster({ agentPoolProfiles: [aWirePool('system'), stalePool] });
export const switched = [aScaleSet('system', 'kubelet identity'), aScaleSet('apps', 'nothing')];
export const addOn = thePodIdentityAddOn('gone');
export const kubenet = aWireCluster({
  ...addOn,
  networkProfile: { networkPlugin: 'kubenet' },
  agentPoolProfiles: [aWirePool('system', { vnetSubnetID: nodeSubnet })],
});
export const everything = [
  kubenet,
  ...switched,
  aNetwork(),
  aFeature('Registered'),
  anIdentity(controlPlaneId),
];

/** Clusters around which there is everything that a snapshot may read. */
export const snapshotWorlds: readonly Omit<Case, 'act'>[] = [
  { what: 'a kubenet cluster with the pod-identity add-on', world: everything },
  {
    what: 'a private cluster with a key vault, a registry, and a role of its own',
    optional: ['userassignedidentities/read'], // whether its own identity exists
    world: [
      aWireCluster({
        agentPoolProfiles: [aWirePool('system', { vnetSubnetID: nodeSubnet })],
        apiServerAccessProfile: { enablePrivateCluster: true, privateDNSZone: 'system' },
        securityProfile: {
          azureKeyVaultKms: {
            enabled: true,
            keyId: 'https://kv.vault.azure.net/keys/k',
            keyVaultResourceId: vaultId,
          },
        },
      }),
      ...switched,
      aNetwork(),
      aRegistry(),
      aVault(),
      anIdentity(controlPlaneId),
      aWireAssignment('Reader', { roleDefinitionId: customRole }),
    ],
  },
];
