import type { Clients } from '../clients';
import { getCluster } from '../clients/clusters';
import type { ClusterFacts, ClusterSnapshot } from '../domain/cluster';
import type { ClusterId } from '../domain/ids';
import type { Policy } from '../domain/policy';
import { defineActivity } from './activity';
import { readAssignments } from './readings/assignments';
import { readFeatures } from './readings/features';
import { missingIdentities, readIdentity } from './readings/identities';
import { latestImages } from './readings/node-images';
import { poolsBeforeSwitch } from './readings/scale-sets';
import { routeTables } from './readings/subnets';
import { targetIdentityId } from '../domain/target-identity';

export interface TakeSnapshotInput {
  readonly clusterId: ClusterId;
  readonly policy: Policy;
}

/** Reads a cluster and everything around it that a plan is made from. About ten calls, no change. */
export const takeSnapshot = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles/read',
    'Microsoft.Compute/virtualMachineScaleSets/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Features/providers/features/read',
    'Microsoft.Network/virtualNetworks/subnets/read',
  ],
  ({ clusterId, policy }: TakeSnapshotInput, { clients }) => snapshotOf(clients, clusterId, policy),
);

/** @throws FailureError `NotFound` when there is no such cluster. */
export async function snapshotOf(
  clients: Clients,
  clusterId: ClusterId,
  policy: Policy,
): Promise<ClusterSnapshot> {
  const facts = await withPrincipal(clients, (await getCluster(clients, clusterId)).facts);
  const [tables, images, before, missing, features, target] = await Promise.all([
    routeTables(clients, facts),
    latestImages(clients, facts),
    poolsBeforeSwitch(clients, facts),
    missingIdentities(clients, facts),
    readFeatures(clients, facts, policy),
    readIdentity(clients, targetIdentityId(facts, policy)),
  ]);
  const read = {
    ...facts,
    routeTables: tables,
    latestImages: images,
    poolsBeforeSwitch: before,
    missingIdentities: missing,
    features,
    assignments: [],
    ...(target && { targetIdentity: target }),
  };
  return { ...read, assignments: await readAssignments(clients, read, policy) };
}

/** A cluster may not show the principal of its user-assigned identity yet; the identity does. */
async function withPrincipal(clients: Clients, facts: ClusterFacts): Promise<ClusterFacts> {
  const { controlPlane } = facts;
  if (controlPlane.kind !== 'userAssigned' || controlPlane.principalId !== '') return facts;
  const identity = await readIdentity(clients, controlPlane.resourceId);
  return { ...facts, controlPlane: { ...controlPlane, principalId: identity?.principalId ?? '' } };
}
