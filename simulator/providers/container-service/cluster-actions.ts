import { isObject, objectAt, objectsAt, textAt, withAt } from '../../json';
import { operationHeaders, startOperation } from '../../operations';
import { aksError, param } from '../../provider';
import type { ArmRequest, ArmResponse, Route } from '../../provider';
import type { World } from '../../world';
import { locationOf, nameOf, onCluster, withNewETags, withProperties } from './cluster';
import type { Cluster } from './cluster';
import { userCredential } from './credentials';
import { refusedState } from './preconditions';

const minutes = 6;

/** Rotations: nothing that callers see changes, the cluster is `Updating` meanwhile. */
export const rotate = onCluster((cluster, request, world) => update(cluster, request, world));

/** Replaces the Entra profile; its secret is never shown. */
export const resetAadProfile = onCluster((cluster, request, world) => {
  if (!isObject(request.body)) {
    return aksError(400, 'InvalidParameter', 'The request body must be an Entra profile.');
  }
  const aadProfile = withAt(request.body, ['serverAppSecret'], undefined);
  return update(withProperties(cluster, { aadProfile }), request, world);
});

function update(cluster: Cluster, request: ArmRequest, world: World): ArmResponse {
  const refused = refusedState(cluster, world);
  if (refused) return refused;
  const busy = withProperties(cluster, { provisioningState: 'Updating', status: undefined });
  world.resources.put(withNewETags(busy, world));
  const operation = startOperation(world, request, {
    kind: 'Updating',
    target: cluster.id,
    minutes,
    details: { principal: request.principal },
  });
  return { status: 202, headers: operationHeaders(request, operation, locationOf(cluster)) };
}

/** The older form of the credential calls: the kubeconfig as a resource of its own. */
export const accessProfile: Route = (request, world) =>
  onCluster((cluster) => {
    const name = param(request, 'role');
    const { body } = userCredential(request, world);
    const [credential] = objectsAt(body, 'kubeconfigs');
    return {
      status: 200,
      body: {
        id: `${cluster.id}/accessProfiles/${name}`,
        name,
        type: 'Microsoft.ContainerService/ManagedClusters/AccessProfiles',
        location: locationOf(cluster),
        properties: { kubeConfig: textAt(credential, 'value') },
      },
    };
  })(request, world);

/** The private link service of a private cluster. */
export const resolvePrivateLink = onCluster((cluster, { body }) => {
  const [, , subscription = ''] = cluster.id.split('/');
  const privateLinkServiceID = `/subscriptions/${subscription}/resourceGroups/${textAt(cluster, 'properties', 'nodeResourceGroup') ?? ''}/providers/Microsoft.Network/privateLinkServices/pls-${nameOf(cluster)}`;
  return { status: 200, body: { ...objectAt(body), privateLinkServiceID } };
});
