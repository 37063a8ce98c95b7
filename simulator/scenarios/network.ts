import type { Json } from '../json';
import type { Resource } from '../resource-store';
import { resourceGroup } from './resource-group';
import type { ClusterPlan } from './names';

/** The subnet of a cluster with a network of its own; undefined for one whose network AKS made. */
export function subnetId(plan: ClusterPlan): string | undefined {
  if (!plan.traits.has('ownSubnet')) return undefined;
  return `${networkId(plan)}/subnets/snet-${plan.name}`;
}

export function routeTableId(plan: ClusterPlan): string | undefined {
  if (!plan.traits.has('ownRouteTable')) return undefined;
  return `${networkGroup(plan)}/providers/Microsoft.Network/routeTables/rt-${plan.name}`;
}

/** Id of the resource group that holds the shared network of a subscription and region. */
export function networkGroup({ subscription, region }: ClusterPlan): string {
  return `/subscriptions/${subscription.id}/resourceGroups/rg-network-${region.short}`;
}

/** Shared virtual networks with one subnet for each cluster, and the route tables of kubenet clusters. */
export function* networkResources(clusters: readonly ClusterPlan[]): Generator<Resource> {
  const users = clusters.filter((plan) => plan.traits.has('ownSubnet'));
  for (const sharing of Map.groupBy(users, networkId).values()) {
    const [first] = sharing;
    if (first === undefined) continue;
    yield resourceGroup(networkGroup(first), first.region.name);
    yield* sharing.flatMap((plan) => routeTable(plan) ?? []);
    yield {
      id: networkId(first),
      name: `vnet-${first.region.short}`,
      type: 'Microsoft.Network/virtualNetworks',
      location: first.region.name,
      tags: {},
      properties: {
        provisioningState: 'Succeeded',
        addressSpace: { addressPrefixes: ['10.0.0.0/8'] },
        dhcpOptions: { dnsServers: [] },
        subnets: sharing.map(subnet),
      },
    };
  }
}

function networkId(plan: ClusterPlan): string {
  return `${networkGroup(plan)}/providers/Microsoft.Network/virtualNetworks/vnet-${plan.region.short}`;
}

function subnet(plan: ClusterPlan, index: number): Json {
  const table = routeTableId(plan);
  return {
    id: subnetId(plan) ?? '',
    name: `snet-${plan.name}`,
    properties: {
      provisioningState: 'Succeeded',
      addressPrefix: `10.${Math.floor(index / 64) % 256}.${(index % 64) * 4}.0/22`,
      ...(table !== undefined && { routeTable: { id: table } }),
    },
  };
}

function routeTable(plan: ClusterPlan): Resource | undefined {
  const id = routeTableId(plan);
  if (id === undefined) return undefined;
  return {
    id,
    name: `rt-${plan.name}`,
    type: 'Microsoft.Network/routeTables',
    location: plan.region.name,
    tags: {},
    properties: { provisioningState: 'Succeeded', routes: [] },
  };
}
