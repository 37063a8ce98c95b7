import type { Resource } from '../resource-store';
import type { Identities } from './identities';
import type { ClusterPlan } from './names';

/** The scale sets of a cluster; they carry the kubelet identity only where the nodes use it. */
export function scaleSets(plan: ClusterPlan, { kubelet }: Identities): readonly Resource[] {
  const inUse = plan.traits.has('halfMigrated') ? undefined : kubelet;
  return plan.pools.map((pool) => ({
    id: `/subscriptions/${plan.subscription.id}/resourceGroups/${plan.nodeGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/${pool.scaleSet}`,
    name: pool.scaleSet,
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location: plan.region.name,
    sku: { name: 'Standard_D4ds_v5', tier: 'Standard', capacity: pool.count },
    tags: {
      'aks-managed-poolName': pool.name,
      'aks-managed-clusterName': plan.name,
      ...(inUse && { 'aks-managed-kubeletIdentityClientID': inUse.clientId }),
    },
    ...(inUse && {
      identity: {
        type: 'UserAssigned',
        userAssignedIdentities: {
          [inUse.id]: { clientId: inUse.clientId, principalId: inUse.principalId },
        },
      },
    }),
    properties: { provisioningState: 'Succeeded', orchestrationMode: 'Uniform' },
  }));
}
