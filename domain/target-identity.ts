import type { ClusterFacts, ClusterSnapshot, DesiredIdentity } from './cluster';
import { clusterIdParts } from './ids';
import type { Policy } from './policy';

/**
 * ARM id of the user-assigned identity that the policy names for a cluster. Spelt from the lower-cased
 * id, so that it is the same whoever asks.
 */
export function targetIdentityId({ id }: Pick<ClusterFacts, 'id'>, policy: Policy): string {
  const { subscriptionId, resourceGroup, name } = clusterIdParts(id);
  const group = policy.identity.resourceGroup ?? resourceGroup;
  const identity = policy.identity.name.replaceAll('{cluster}', name);
  return `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${identity}`;
}

/**
 * The identity a cluster is to have. A managed identity stays what it is; a service principal becomes
 * what the policy asks for, or user-assigned where AKS does not support a system-assigned identity.
 */
export function desiredIdentity(snapshot: ClusterSnapshot, policy: Policy): DesiredIdentity {
  const { controlPlane } = snapshot;
  if (controlPlane.kind === 'userAssigned') {
    return { kind: 'userAssigned', resourceId: controlPlane.resourceId };
  }
  if (controlPlane.kind === 'systemAssigned') return { kind: 'systemAssigned' };
  return policy.identity.controlPlane === 'systemAssigned' && !needsUserAssigned(snapshot)
    ? { kind: 'systemAssigned' }
    : { kind: 'userAssigned', resourceId: targetIdentityId(snapshot, policy) };
}

/** Where AKS refuses or breaks with a system-assigned identity (AKS articles on each feature). */
function needsUserAssigned({ links, routeTables }: ClusterSnapshot): boolean {
  return (
    links.privateDnsZone !== undefined ||
    routeTables.length > 0 ||
    links.keyManagement ||
    links.capacityReservation
  );
}
