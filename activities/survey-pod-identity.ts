import type { Clients } from '../clients';
import { getCluster } from '../clients/clusters';
import type { WireCluster } from '../clients/clusters';
import { canonicalArmId, clusterKey } from '../domain/ids';
import type { ClusterId } from '../domain/ids';
import type { PodIdentityChange } from '../domain/pod-identity/change';
import type { EntryIdentity } from '../domain/pod-identity/edits';
import type { PodIdentitySurvey } from '../domain/pod-identity/plan';
import { networkPluginIn, profileIn } from '../domain/pod-identity/profile';
import type { WireProfile } from '../domain/pod-identity/profile';
import { principalsOf } from '../domain/roles/principals';
import { subscriptionOf } from '../domain/roles/matrix-row';
import type { RoleAssignment } from '../domain/snapshot';
import { defineActivity } from './activity';
import { assignmentsAt } from './readings/assignments';
import { readIdentity } from './readings/identities';
import { mitigationOf } from './readings/mitigation';

export interface SurveyPodIdentityInput {
  readonly clusterId: ClusterId;
  readonly change: PodIdentityChange;
  /** ISO time. */
  readonly asOf: string;
}

/** Reads what a change of pod identities is planned from, beside the snapshot of the cluster. No change. */
export const surveyPodIdentity = defineActivity(
  [
    'Microsoft.ContainerService/managedClusters/read',
    'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/policyAssignments/read',
    'Microsoft.Authorization/policyExemptions/read',
  ],
  async (input: SurveyPodIdentityInput, { clients }): Promise<PodIdentitySurvey> => {
    const { clusterId, change } = input;
    const cluster = await getCluster(clients, clusterId);
    const profile = profileIn(cluster.body);
    const networkPlugin = networkPluginIn(cluster.body);
    const identities = await existing(clients, [...entriesIn(profile), ...addedBy(change)]);
    const [operators, demoRoles, mitigation, acceptance] = await Promise.all([
      operatorsAt(clients, cluster, identitiesOf(change, identities)),
      demoRolesOf(clients, cluster, { change, identities }),
      change.kind === 'enable' && networkPlugin === 'kubenet'
        ? readMitigation(clients, cluster, input.asOf)
        : undefined,
      clients.records.get('acceptance', clusterKey(clusterId)),
    ]);
    return {
      ...{ profile, networkPlugin, identities, operators, demoRoles },
      ...(mitigation && { mitigation }),
      ...(acceptance && { acceptance: acceptance.value }),
    };
  },
);

function readMitigation(clients: Clients, { facts }: WireCluster, asOf: string) {
  const policyAddOn = facts.addOns.some(({ key }) => key === 'azurepolicy');
  return mitigationOf(clients, facts.armId, { policyAddOn, clusterId: facts.id, asOf });
}

function entriesIn({ userAssignedIdentities }: WireProfile): readonly string[] {
  return userAssignedIdentities.map(({ identity }) => identity.resourceId);
}

function addedBy(change: PodIdentityChange): readonly string[] {
  return change.kind === 'add' ? change.identities.map(({ identityId }) => identityId) : [];
}

async function existing(
  clients: Clients,
  ids: readonly string[],
): Promise<readonly EntryIdentity[]> {
  const distinct = [...new Map(ids.map((id) => [canonicalArmId(id), id])).values()];
  const found = await Promise.all(distinct.map((id) => readIdentity(clients, id)));
  return found
    .filter((one) => one !== undefined)
    .map(({ resourceId, clientId, principalId }) => ({
      resourceId,
      clientId,
      objectId: principalId,
    }));
}

function identitiesOf(
  change: PodIdentityChange,
  identities: readonly EntryIdentity[],
): readonly EntryIdentity[] {
  const added = addedBy(change).map(canonicalArmId);
  return identities.filter(({ resourceId }) => added.includes(canonicalArmId(resourceId)));
}

/** What the control plane may do at identities: these may lie in subscriptions where it has nothing else. */
async function operatorsAt(
  clients: Clients,
  { facts }: WireCluster,
  identities: readonly EntryIdentity[],
): Promise<readonly RoleAssignment[]> {
  const principalId = principalsOf(facts).controlPlane ?? '';
  if (principalId === '') return [];
  const lists = await Promise.all(
    identities.map(({ resourceId }) => assignmentsAt(clients, resourceId, principalId)),
  );
  return distinctById(lists.flat());
}

/** Of identities that are to get a demo role, or that may lose their last entry. */
async function demoRolesOf(
  clients: Clients,
  { facts }: WireCluster,
  {
    change,
    identities,
  }: {
    readonly change: PodIdentityChange;
    readonly identities: readonly EntryIdentity[];
  },
): Promise<readonly RoleAssignment[]> {
  const concerned =
    change.kind === 'add'
      ? change.identities.some(({ demoRole }) => demoRole)
      : change.kind === 'delete' || change.kind === 'disable';
  if (!concerned) return [];
  const scope = `${subscriptionOf(facts.armId)}/resourceGroups/${facts.nodeResourceGroup}`;
  const lists = await Promise.all(
    identities.map(({ objectId }) => assignmentsAt(clients, scope, objectId)),
  );
  return distinctById(lists.flat());
}

function distinctById(all: readonly RoleAssignment[]): readonly RoleAssignment[] {
  return [...new Map(all.map((one) => [one.id, one])).values()];
}
