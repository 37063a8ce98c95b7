import type { ClusterFacts, DesiredIdentity } from '../cluster';
import { clusterIdParts } from '../ids';
import type { Policy } from '../policy';
import type { ClusterView } from '../snapshot';

/**
 * ARM id of the user-assigned identity that the policy names for a cluster. Spelt from the lower-cased
 * id, so that it is the same whoever asks.
 */
export function targetIdentityId({ id }: Pick<ClusterFacts, 'id'>, policy: Policy): string {
  return identityId(id, policy, policy.identity.name);
}

/** The same for the identity of its nodes. */
export function targetKubeletId({ id }: Pick<ClusterFacts, 'id'>, policy: Policy): string {
  return identityId(id, policy, policy.identity.kubeletName);
}

function identityId(id: ClusterFacts['id'], { identity }: Policy, pattern: string): string {
  const { subscriptionId, resourceGroup, name } = clusterIdParts(id);
  const group = identity.resourceGroup ?? resourceGroup;
  return `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${pattern.replaceAll('{cluster}', name)}`;
}

/**
 * The identity a cluster is to have: what the policy asks for, or user-assigned where AKS does not support
 * a system-assigned one. Without a wish a managed identity stays what it is, if it can.
 */
export function desiredIdentity(view: ClusterView, policy: Policy): DesiredIdentity {
  const { controlPlane } = view;
  const { controlPlane: wish } = policy.identity;
  const unfit = unfitForSystemAssigned(view).length > 0;
  const named = { kind: 'userAssigned', resourceId: targetIdentityId(view, policy) } as const;
  const wished = wish === 'systemAssigned' && !unfit ? systemAssigned : named;
  switch (controlPlane.kind) {
    case 'servicePrincipal':
      return wished;
    case 'systemAssigned':
      return unfit || wish === 'userAssigned' ? named : systemAssigned;
    case 'userAssigned':
      return mayReplace(wished, policy)
        ? wished
        : { kind: 'userAssigned', resourceId: controlPlane.resourceId };
  }
}

/** Whether a user-assigned identity gives way to the one that is wished for. */
function mayReplace({ kind }: DesiredIdentity, { identity }: Policy): boolean {
  const { controlPlane: wish, replaceExisting, insist } = identity;
  return kind === wish && (replaceExisting || (insist && wish === 'systemAssigned'));
}

const systemAssigned = { kind: 'systemAssigned' } as const;

/** Why AKS refuses, or breaks with, a system-assigned identity (AKS articles on each feature). */
export function unfitForSystemAssigned(view: ClusterView): readonly string[] {
  const { links, nodePools, routeTables = [] } = view;
  const some = (member: 'capacityReservationGroup' | 'hostGroup') =>
    nodePools.some((pool) => pool[member] !== undefined);
  const reasons: readonly (string | false)[] = [
    links.privateDnsZone !== undefined &&
      'RR-PDNSZONE: private cluster with a custom private DNS zone',
    links.kubenet && routeTables.length > 0 && 'RR-ROUTETABLE: kubenet with an own route table',
    links.keyManagement !== undefined &&
      'RR-KMS-CRYPTO: secrets are encrypted with a key of your own vault',
    some('capacityReservationGroup') && 'RR-CRG: a pool in a capacity reservation group',
    some('hostGroup') && 'RR-HOSTGROUP: a pool on dedicated hosts',
  ];
  return reasons.filter((reason) => reason !== false);
}
