import { objectAt, objectsAt, textAt, withAt } from '../json';
import type { Json, JsonObject } from '../json';

/** The resources of a `fleet` with subscriptions, clusters, identities with their credentials, assignments and scale sets. */
export function fleetResources(fleet: JsonObject): readonly Json[] {
  return [
    ...objectsAt(fleet, 'subscriptions').flatMap(features),
    ...objectsAt(fleet, 'identities').flatMap(withCredentials),
    ...['roleAssignments', 'vmss'].flatMap((name) => objectsAt(fleet, name)),
    ...objectsAt(fleet, 'clusters').map((cluster) => withAssumedGrants(cluster, fleet)),
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

const operatorRole = 'f1a07417-d97a-45cb-824c-7a7467783830'; // Managed Identity Operator

/**
 * A fleet document tells the role assignments that it is about, and may leave out the others. A pod identity that is assigned
 * has its grant: where the document has none, it is taken for granted.
 */
function withAssumedGrants(cluster: JsonObject, fleet: JsonObject): JsonObject {
  const scopes = objectsAt(fleet, 'roleAssignments')
    .filter((one) => textAt(one, 'properties', 'roleDefinitionId')?.endsWith(operatorRole))
    .map((one) => textAt(one, 'properties', 'scope')?.toLowerCase() ?? '');
  const entries = objectsAt(cluster, 'properties', 'podIdentityProfile', 'userAssignedIdentities');
  const assumedGrants = entries
    .map((entry) => textAt(entry, 'identity', 'resourceId')?.toLowerCase() ?? '')
    .filter((id) => !scopes.some((scope) => id.startsWith(scope)));
  if (assumedGrants.length === 0) return cluster;
  return withAt(cluster, ['$truth'], { ...objectAt(cluster, '$truth'), assumedGrants });
}
