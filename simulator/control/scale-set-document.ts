import { isObject, objectAt, objectsAt, textAt } from '../json';
import type { Json, JsonObject } from '../json';

/**
 * The resources of a fleet with a scale set for each node pool of the clusters whose objects are given: the one on whose
 * nodes the pods say that they run, marked as belonging to its pool as AKS does.
 */
export function withScaleSets(resources: readonly Json[], kubernetes: JsonObject): readonly Json[] {
  const wanted = new Map<string, JsonObject>();
  for (const cluster of resources.filter(isObject)) {
    const inside = kubernetes[textAt(cluster, 'id') ?? ''];
    if (!isObject(inside)) continue;
    for (const pool of objectsAt(cluster, 'properties', 'agentPoolProfiles')) {
      const scaleSet = scaleSetOf(cluster, pool, { inside, resources });
      wanted.set((textAt(scaleSet, 'id') ?? '').toLowerCase(), scaleSet);
    }
  }
  const isWanted = (one: Json): boolean => wanted.has((textAt(one, 'id') ?? '').toLowerCase());
  return [...resources.filter((one) => !isWanted(one)), ...wanted.values()];
}

interface Given {
  readonly inside: JsonObject;
  readonly resources: readonly Json[];
}

function scaleSetOf(cluster: JsonObject, pool: JsonObject, given: Given): JsonObject {
  const poolName = textAt(pool, 'name') ?? '';
  const name = nameOn(poolName, given.inside) ?? `aks-${poolName}-30211427-vmss`;
  const [, subscription = ''] = /^(\/subscriptions\/[^/]+)/.exec(textAt(cluster, 'id') ?? '') ?? [];
  const group = textAt(cluster, 'properties', 'nodeResourceGroup') ?? '';
  const id = `${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`;
  const found = given.resources.find(
    (one) => textAt(one, 'id')?.toLowerCase() === id.toLowerCase(),
  );
  const kubelet = objectAt(cluster, 'properties', 'identityProfile', 'kubeletidentity');
  const { clientId, resourceId, objectId: principalId } = kubelet;
  const own =
    typeof resourceId === 'string'
      ? {
          identity: {
            type: 'UserAssigned',
            userAssignedIdentities: { [resourceId]: { clientId, principalId } },
          },
        }
      : {};
  return {
    ...own,
    ...{ id, name, type: 'Microsoft.Compute/virtualMachineScaleSets' },
    location: cluster['location'],
    sku: { name: pool['vmSize'], tier: 'Standard', capacity: pool['count'] },
    properties: { provisioningState: 'Succeeded', orchestrationMode: 'Uniform' },
    ...(isObject(found) && found),
    tags: {
      ...objectAt(found, 'tags'),
      'aks-managed-poolName': poolName,
      'aks-managed-clusterName': cluster['name'],
      ...(clientId !== undefined && { 'aks-managed-kubeletIdentityClientID': clientId }),
    },
  };
}

/** The scale set that the nodes of a pool belong to, by the names of the nodes that pods run on. */
function nameOn(pool: string, inside: JsonObject): string | undefined {
  for (const object of objectsAt(inside, 'objects')) {
    const node = textAt(object, 'spec', 'nodeName') ?? '';
    const [, name, owner] = /^(aks-(.+)-\d+-vmss)[0-9a-z]{6}$/.exec(node) ?? [];
    if (owner === pool) return name;
  }
  return undefined;
}
