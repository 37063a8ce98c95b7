import { textAt, withAt, objectAt } from '../../json';
import type { JsonObject } from '../../json';
import { withNodeTruths } from '../../kubernetes/nodes/node-truth';
import type { World } from '../../world';
import { nameOf, nodeGroupId, poolNamed, poolTruth, withPool, withPoolTruth } from './cluster';
import type { Cluster } from './cluster';
import { kubeletClientId } from './kubelet-identity';
import { familyOf, latestImage } from './latest-image';

export interface Reimage {
  /** Name of the pool. */
  readonly name: string;
  /** Without one the nodes keep their image, or get the newest when they have none. */
  readonly image?: string | undefined;
}

/**
 * The cluster after all nodes of a pool were imaged anew: only now do they use the cluster's current kubelet identity.
 * Also changes the pool's scale set in the world.
 */
export function withReimagedPool(
  cluster: Cluster,
  { name, image }: Reimage,
  world: World,
): Cluster {
  const pool = poolNamed(cluster, name);
  if (pool === undefined) return cluster;
  const before = textAt(pool, 'nodeImageVersion');
  const nodeImageVersion = image ?? before ?? latestImage(cluster, familyOf(pool), world);
  const orchestratorVersion = textAt(pool, 'currentOrchestratorVersion') ?? '';
  const used = {
    orchestratorVersion,
    nodeImageVersion: before ?? '',
    timestamp: new Date(world.clock.now()).toISOString(),
  };
  const recent = poolTruth(cluster, name).recentlyUsedVersions ?? [];
  updateScaleSet(cluster, name, world);
  const imaged = withNodeTruths(withPool(cluster, name, { nodeImageVersion }), name, {});
  return withPoolTruth(imaged, name, {
    lastRoll: {},
    kubeletClientId: kubeletClientId(cluster),
    rolledAt: world.clock.now(),
    recentlyUsedVersions: before === undefined ? recent : [used, ...recent].slice(0, 3),
  });
}

/** Id of the scale set that holds the nodes of a pool. */
export function scaleSetOf(cluster: Cluster, pool: string, { resources }: World): string {
  const collection = `${nodeGroupId(cluster)}/providers/Microsoft.Compute/virtualMachineScaleSets`;
  const existing = resources
    .in(collection)
    .find((scaleSet) => textAt(scaleSet, 'tags', 'aks-managed-poolName') === pool);
  const uid = textAt(cluster, 'properties', 'resourceUID') ?? '';
  return existing?.id ?? `${collection}/aks-${pool}-${uid.slice(0, 8)}-vmss`;
}

function updateScaleSet(cluster: Cluster, pool: string, world: World): void {
  const id = scaleSetOf(cluster, pool, world);
  const before = world.resources.get(id) ?? {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location: textAt(cluster, 'location') ?? '',
    properties: { provisioningState: 'Succeeded', orchestrationMode: 'Uniform' },
  };
  const kubelet = objectAt(cluster, 'properties', 'identityProfile', 'kubeletidentity');
  const tags: JsonObject = {
    ...objectAt(before, 'tags'),
    'aks-managed-poolName': pool,
    'aks-managed-clusterName': nameOf(cluster),
  };
  const clientId = textAt(kubelet, 'clientId');
  if (clientId === undefined) {
    world.resources.put({ ...before, tags });
    return;
  }
  const resourceId = textAt(kubelet, 'resourceId') ?? '';
  const identities = objectAt(before, 'identity', 'userAssignedIdentities');
  world.resources.put({
    ...before,
    tags: { ...tags, 'aks-managed-kubeletIdentityClientID': clientId },
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: withAt(identities, [resourceId], {
        clientId,
        principalId: textAt(kubelet, 'objectId') ?? '',
      }),
    },
  });
}
