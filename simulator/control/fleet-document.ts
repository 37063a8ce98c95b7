import { objectAt, objectsAt, textAt, withAt } from '../json';
import type { Json, JsonObject } from '../json';

/** The resources of a `fleet` with subscriptions, clusters, identities with their credentials, assignments and scale sets. */
export function fleetResources(fleet: JsonObject): readonly Json[] {
  return [
    ...objectsAt(fleet, 'subscriptions').flatMap(features),
    ...objectsAt(fleet, 'identities').flatMap(withCredentials),
    ...['roleAssignments', 'vmss', 'clusters'].flatMap((name) => objectsAt(fleet, name)),
  ];
}

function features(subscription: JsonObject): readonly Json[] {
  const id = textAt(subscription, 'subscriptionId') ?? '';
  return Object.entries(objectAt(subscription, 'features')).map(([feature, state]): Json => ({
    id: `/subscriptions/${id}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/${feature}`,
    name: `Microsoft.ContainerService/${feature}`,
    type: 'Microsoft.Features/providers/features',
    properties: { state: state ?? null },
    $truth: { effective: state === 'Registered' },
  }));
}

/** An identity as its GET answers, followed by its credentials, which are resources of their own. */
function withCredentials(identity: JsonObject): readonly Json[] {
  const name = 'federatedIdentityCredentials';
  return [withAt<JsonObject>(identity, [name], undefined), ...objectsAt(identity, name)];
}
