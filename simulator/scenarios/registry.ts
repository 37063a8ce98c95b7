import type { Resource } from '../resource-store';
import type { ClusterPlan } from './names';
import { resourceGroup } from './resource-group';

/** Id of the registry that the clusters of a subscription pull from. */
export function registryId({ subscription }: ClusterPlan): string {
  const name = `cr${subscription.name.replace(/[^a-z0-9]/g, '')}`;
  return `/subscriptions/${subscription.id}/resourceGroups/rg-shared/providers/Microsoft.ContainerRegistry/registries/${name}`;
}

export function registryOf(plan: ClusterPlan): readonly Resource[] {
  const id = registryId(plan);
  const location = 'westeurope';
  const registry: Resource = {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.ContainerRegistry/registries',
    location,
    tags: {},
    sku: { name: 'Premium', tier: 'Premium' },
    properties: {
      provisioningState: 'Succeeded',
      roleAssignmentMode: 'LegacyRegistryPermissions',
    },
  };
  return [resourceGroup(id.slice(0, id.indexOf('/providers/')), location), registry];
}
