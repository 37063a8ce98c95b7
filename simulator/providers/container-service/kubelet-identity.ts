import { objectAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import type { Resource } from '../../resource-store';
import type { World } from '../../world';
import { locationOf, nameOf, nodeGroupId } from './cluster';
import type { Cluster } from './cluster';

/** The cluster with its kubelet identity: the one it names, or `<cluster>-agentpool` in its node resource group. */
export function withKubeletIdentity(cluster: Cluster, world: World): Cluster {
  ensureNodeGroup(cluster, world);
  const path = ['properties', 'identityProfile', 'kubeletidentity'];
  const named = world.resources.get(textAt(cluster, ...path, 'resourceId') ?? '');
  const identity = named ?? createdByAks(cluster, world);
  const { clientId, principalId } = objectAt(identity, 'properties');
  return withAt(cluster, path, { resourceId: identity.id, clientId, objectId: principalId });
}

/** Client id that newly imaged nodes of this cluster pull images with. */
export function kubeletClientId(cluster: Cluster): string {
  return (
    textAt(cluster, 'properties', 'identityProfile', 'kubeletidentity', 'clientId') ??
    textAt(cluster, 'properties', 'servicePrincipalProfile', 'clientId') ??
    ''
  );
}

function createdByAks(cluster: Cluster, world: World): Resource {
  const group = ensureNodeGroup(cluster, world);
  const name = `${nameOf(cluster)}-agentpool`;
  const id = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  return (
    world.resources.get(id) ??
    world.resources.put({
      id,
      name,
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      location: locationOf(cluster),
      tags: {},
      properties: {
        tenantId: world.tenantId,
        principalId: world.seed.guid('principal', id.toLowerCase()),
        clientId: world.seed.guid('client', id.toLowerCase()),
      },
      $truth: { createdAt: world.clock.now() },
    })
  );
}

function ensureNodeGroup(cluster: Cluster, world: World): string {
  const id = nodeGroupId(cluster);
  const group: JsonObject & { id: string } = {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.Resources/resourceGroups',
    location: locationOf(cluster),
    managedBy: cluster.id,
    properties: { provisioningState: 'Succeeded' },
  };
  return (world.resources.get(id) ?? world.resources.put(group)).id;
}
