import type { Clients } from '../clients';
import { getCluster } from '../clients/clusters';
import type { ClusterFacts } from '../domain/cluster';
import { inNodeResourceGroup } from '../domain/cluster';
import { targetIdentityId, targetKubeletId } from '../domain/identities/target-identity';
import type { ClusterId } from '../domain/ids';
import type { Policy } from '../domain/policy';
import type { ClusterSnapshot, Surroundings } from '../domain/snapshot';
import { defineActivity } from './activity';
import { acceptanceOf } from './readings/acceptance';
import { readAssignments } from './readings/assignments';
import { servicePrincipalOf } from './readings/directory';
import { federatedCredentials } from './readings/federated-credentials';
import { readFeatures } from './readings/features';
import { missingIdentities, readIdentity } from './readings/identities';
import { identityHistory } from './readings/identity-history';
import { resourceLocks } from './readings/locks';
import { unlessForbidden } from './readings/optional';
import { latestImages } from './readings/node-images';
import { registryModes } from './readings/registries';
import { poolsBeforeSwitch } from './readings/scale-sets';
import { sharers } from './readings/sharers';
import { networksWithOwnDns, routeTables } from './readings/subnets';
import { keyVaults } from './readings/vaults';

export interface TakeSnapshotInput {
  readonly clusterId: ClusterId;
  readonly policy: Policy;
  /** ISO time. */
  readonly asOf: string;
}

/** Reads a cluster and everything around it that a plan is made from. About fifteen calls, no change. */
export const takeSnapshot = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles/read',
    'Microsoft.Compute/virtualMachineScaleSets/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.Authorization/locks/read',
    'Microsoft.Features/providers/features/read',
    'Microsoft.Network/virtualNetworks/read',
    'Microsoft.Network/virtualNetworks/subnets/read',
    'Microsoft.ContainerRegistry/registries/read',
    'Microsoft.KeyVault/vaults/read',
  ],
  (input: TakeSnapshotInput, { clients }) => snapshotOf(clients, input),
);

/** @throws FailureError `NotFound` when there is no such cluster. */
export async function snapshotOf(
  clients: Clients,
  { clusterId, policy, asOf }: TakeSnapshotInput,
): Promise<ClusterSnapshot> {
  const facts = await withPrincipal(clients, (await getCluster(clients, clusterId)).facts);
  const [around, linked, people, targets] = await Promise.all([
    nodesAndFlags(clients, facts, policy),
    linkedResources(clients, facts, policy),
    principals(clients, facts, asOf),
    targetIdentities(clients, facts, policy),
  ]);
  const accepted = await acceptanceOf(clients, facts);
  const read = {
    ...facts,
    ...around,
    ...linked,
    ...people,
    ...targets,
    ...accepted,
    assignments: [],
  };
  return { ...read, ...(await readAssignments(clients, read, policy)) };
}

async function nodesAndFlags(clients: Clients, facts: ClusterFacts, policy: Policy) {
  const [images, before, missing, features] = await Promise.all([
    latestImages(clients, facts),
    poolsBeforeSwitch(clients, facts),
    missingIdentities(clients, facts),
    readFeatures(clients, facts, policy),
  ]);
  return { latestImages: images, poolsBeforeSwitch: before, missingIdentities: missing, features };
}

async function linkedResources(clients: Clients, facts: ClusterFacts, policy: Policy) {
  const [tables, ownDns, registries, vaults, locks] = await Promise.all([
    routeTables(clients, facts),
    networksWithOwnDns(clients, facts),
    registryModes(clients, facts, policy),
    keyVaults(clients, facts),
    resourceLocks(clients, facts),
  ]);
  return {
    routeTables: tables,
    registries,
    ...(ownDns && { networksWithOwnDns: ownDns }),
    ...(vaults && { vaults }),
    ...(locks && { locks }),
  };
}

async function principals(
  clients: Clients,
  facts: ClusterFacts,
  asOf: string,
): Promise<Surroundings> {
  const [history, servicePrincipal, dangling, credentials] = await Promise.all([
    identityHistory(clients, facts, asOf),
    servicePrincipalOf(clients, facts),
    danglingIdentities(clients, facts),
    federatedCredentials(clients, facts),
  ]);
  const otherClusters = await sharers(clients, facts, history.formerPrincipals ?? []);
  return {
    ...history,
    danglingIdentities: dangling,
    otherClusters,
    ...(credentials && { federatedCredentials: credentials }),
    ...(servicePrincipal && { servicePrincipal }),
  };
}

async function targetIdentities(clients: Clients, facts: ClusterFacts, policy: Policy) {
  const [identity, kubelet] = await Promise.all([
    mayBeReplaced(facts, policy)
      ? readIdentity(clients, targetIdentityId(facts, policy))
      : undefined,
    policy.identity.kubelet === 'own' || isShared(facts)
      ? readIdentity(clients, targetKubeletId(facts, policy))
      : undefined,
  ]);
  return {
    ...(identity && { targetIdentity: identity }),
    ...(kubelet && { targetKubelet: kubelet }),
  };
}

/** Whether the control plane may get the identity that the policy names. */
function mayBeReplaced({ controlPlane }: ClusterFacts, { identity }: Policy): boolean {
  return controlPlane.kind !== 'userAssigned' || identity.replaceExisting;
}

/** Nodes and control plane act as one identity: the nodes are to get another one. */
function isShared({ controlPlane, kubelet }: ClusterFacts): boolean {
  return (
    controlPlane.kind === 'userAssigned' &&
    controlPlane.resourceId.toLowerCase() === kubelet?.resourceId.toLowerCase()
  );
}

/** Identities of yours that the cluster refers to and that are gone. */
async function danglingIdentities(
  clients: Clients,
  facts: ClusterFacts,
): Promise<readonly ('controlPlane' | 'kubelet')[]> {
  const { controlPlane, kubelet } = facts;
  const isGone = (id: string) =>
    unlessForbidden(async () => (await readIdentity(clients, id)) === undefined);
  const [own, nodes] = await Promise.all([
    controlPlane.kind === 'userAssigned' && isGone(controlPlane.resourceId),
    kubelet && !inNodeResourceGroup(facts, kubelet.resourceId) && isGone(kubelet.resourceId),
  ]);
  return [...(own ? (['controlPlane'] as const) : []), ...(nodes ? (['kubelet'] as const) : [])];
}

/** A cluster may not show the principal of its user-assigned identity yet; the identity does. */
async function withPrincipal(clients: Clients, facts: ClusterFacts): Promise<ClusterFacts> {
  const { controlPlane } = facts;
  if (controlPlane.kind !== 'userAssigned' || controlPlane.principalId !== '') return facts;
  const identity = await readIdentity(clients, controlPlane.resourceId);
  return { ...facts, controlPlane: { ...controlPlane, principalId: identity?.principalId ?? '' } };
}
