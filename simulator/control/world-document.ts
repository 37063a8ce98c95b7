import { isObject, objectAt, objectsAt, textAt } from '../json';
import type { Json, JsonObject } from '../json';
import type { Resource } from '../resource-store';
import { fleetResources } from './fleet-document';
import { withScaleSets } from './scale-set-document';
import { graphResources, withDeletedPrincipal } from './graph-document';

/**
 * The resources of a world document: the map by id that `GET world` answers, `{ resources: […] }`, a cluster fixture
 * with `cluster` and `context`, or the `given` of a migration fixture with its `fleet`. Subscriptions and resource groups that the others need are added.
 *
 * @throws Error for anything else.
 */
export function parseWorld(body: Json | undefined, tenantId: string): readonly Resource[] {
  if (!isObject(body)) throw new Error('A world is a JSON object. See the README for its forms.');
  const resources = listedIn(body).map(asResource);
  return [...missingContainers(resources, tenantId), ...resources];
}

/** The tenant that a fleet document is about: the one in which its identities live. */
export function tenantIn(body: Json | undefined): string | undefined {
  const document = objectAt(body);
  const given = isObject(document['given']) ? document['given'] : document;
  const named = objectsAt(given, 'fleet', 'identities').map((one) =>
    textAt(one, 'properties', 'tenantId'),
  );
  return named.find((one) => one !== undefined);
}

/** A resource of the document and where it stands in it. */
type Listed = readonly [path: string, value: Json | undefined];

function listedIn(body: JsonObject): readonly Listed[] {
  const { resources } = body;
  if (Array.isArray(resources)) return numbered('world.resources', resources as readonly Json[]);
  if (isObject(body['cluster'])) return numbered('fixture', fromFixture(body));
  const given = isObject(body['given']) ? body['given'] : body;
  if (isObject(given['fleet'])) {
    const { kubernetes } = given;
    return numbered('fleet', withScaleSets(fleetResources(given['fleet']), objectAt(kubernetes)));
  }
  return Object.entries(body)
    .filter(([key]) => key !== 'kubernetes')
    .map(([key, value]) => [`world.${key}`, value]);
}

function numbered(path: string, values: readonly Json[]): readonly Listed[] {
  return values.map((value, index) => [`${path}.${index}`, value]);
}

function asResource([path, value]: Listed): Resource {
  const id = textAt(value, 'id');
  if (isObject(value) && id?.startsWith('/') === true) return { ...value, id };
  throw new Error(`${path}.id is no ARM id. Give each resource an id that begins with a slash.`);
}

function fromFixture(fixture: JsonObject): readonly Json[] {
  const graph = objectAt(fixture, 'context')['graph'];
  const cluster = withDeletedPrincipal(objectAt(fixture, 'cluster'), graph);
  const subscription = /^\/subscriptions\/[^/]+/.exec(textAt(cluster, 'id') ?? '')?.[0] ?? '';
  const features = Object.entries(objectAt(fixture, 'context', 'features')).map(
    ([feature, state]): Json => ({
      id: `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/${feature}`,
      name: `Microsoft.ContainerService/${feature}`,
      type: 'Microsoft.Features/providers/features',
      properties: { state: textAt(state, 'state') ?? 'NotRegistered' },
      $truth: { effective: textAt(state, 'state') === 'Registered' },
    }),
  );
  const providers = Object.entries(objectAt(fixture, 'context', 'providers')).map(
    ([namespace, registrationState]): Json => ({
      id: `${subscription}/providers/${namespace}`,
      namespace,
      registrationState,
    }),
  );
  return [
    ...features,
    ...providers,
    ...objectsAt(fixture, 'context', 'resources'),
    ...objectsAt(fixture, 'context', 'roleAssignments'),
    ...objectsAt(fixture, 'context', 'maintenanceConfigurations'),
    ...objectsAt(fixture, 'otherClusters'),
    ...graphResources(graph),
    cluster,
  ];
}

function missingContainers(resources: readonly Resource[], tenantId: string): readonly Resource[] {
  const present = new Set(resources.map(({ id }) => id.toLowerCase()));
  const wanted = new Map<string, Resource>();
  for (const { id, location } of resources) {
    const [subscription] = /^\/subscriptions\/[^/]+/i.exec(id) ?? [];
    const [group] = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id) ?? [];
    if (subscription !== undefined) {
      wanted.set(subscription.toLowerCase(), subscriptionResource(subscription, tenantId));
    }
    if (group !== undefined && !wanted.has(group.toLowerCase())) {
      wanted.set(group.toLowerCase(), groupResource(group, location));
    }
  }
  return [...wanted].filter(([key]) => !present.has(key)).map(([, resource]) => resource);
}

function subscriptionResource(id: string, tenantId: string): Resource {
  const subscriptionId = id.slice(id.lastIndexOf('/') + 1);
  return { id, subscriptionId, tenantId, displayName: subscriptionId, state: 'Enabled' };
}

function groupResource(id: string, location: Json | undefined): Resource {
  return {
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type: 'Microsoft.Resources/resourceGroups',
    location: typeof location === 'string' ? location : 'westeurope',
    properties: { provisioningState: 'Succeeded' },
  };
}
