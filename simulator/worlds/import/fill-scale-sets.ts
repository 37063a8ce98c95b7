import { partsOf } from '../../arm-id';
import { objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Resource } from '../../resource-store';
import { clustersIn, ofType } from './clusters-in';
import type { Mending } from './filling';
import { kubeletOf } from './identities-of';

/** A scale set for each pool, with the identity of the kubelets, where the export has none at all. */
export function fillScaleSets({ resources, seed, add }: Mending): void {
  if (ofType(resources, 'microsoft.compute/virtualmachinescalesets').length > 0) return;
  for (const cluster of clustersIn(resources)) {
    for (const pool of objectsAt(cluster, 'properties', 'agentPoolProfiles')) {
      if (pool['type'] === 'AvailabilitySet') continue;
      const number = seed.between(10_000_000, 99_999_999, 'scale set', cluster.id);
      add('scale sets', scaleSet(cluster, pool, number));
    }
  }
}

function scaleSet(cluster: Resource, pool: JsonObject, number: number): Resource {
  const { subscriptionId = '' } = partsOf(cluster.id);
  const group = textAt(cluster, 'properties', 'nodeResourceGroup') ?? '';
  const poolName = textAt(pool, 'name') ?? '';
  const name = `aks-${poolName}-${number}-vmss`;
  const kubelet = kubeletOf(cluster);
  const { id, clientId, principalId } = kubelet ?? {};
  const identities = id === undefined ? undefined : { [id]: { clientId, principalId } };
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`,
    name,
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location: cluster['location'] ?? 'westeurope',
    sku: { name: pool['vmSize'] ?? 'Standard_D4ds_v5', tier: 'Standard', capacity: pool['count'] },
    tags: {
      'aks-managed-poolName': poolName,
      'aks-managed-clusterName': cluster['name'],
      ...(clientId !== undefined && { 'aks-managed-kubeletIdentityClientID': clientId }),
    },
    ...(identities && { identity: { type: 'UserAssigned', userAssignedIdentities: identities } }),
    properties: { provisioningState: 'Succeeded', orchestrationMode: 'Uniform' },
  };
}
