import { isObject, objectsAt, textAt, withAt } from '../json';
import type { Json, JsonObject } from '../json';

/** The `graph` of a fixture as resources of the directory: one for each client id among its applications and principals. */
export function graphResources(graph: Json | undefined): readonly Json[] {
  const applications = objectsAt(graph, 'applications');
  const principals = objectsAt(graph, 'servicePrincipals');
  const clientIds = new Set(
    [...applications, ...principals].flatMap((one) => clientIdOf(one) ?? []),
  );
  return [...clientIds].map((clientId) =>
    resourceOf(
      clientId,
      applications.find((one) => clientIdOf(one) === clientId),
      principals.find((one) => clientIdOf(one) === clientId),
    ),
  );
}

/** The cluster of a fixture whose `graph` does not have its service principal: somebody deleted that. */
export function withDeletedPrincipal(cluster: JsonObject, graph: Json | undefined): JsonObject {
  const clientId = textAt(cluster, 'properties', 'servicePrincipalProfile', 'clientId');
  if (!isObject(graph) || clientId === undefined || clientId === 'msi') return cluster;
  const known = [...objectsAt(graph, 'applications'), ...objectsAt(graph, 'servicePrincipals')];
  return known.some((one) => clientIdOf(one) === clientId.toLowerCase())
    ? cluster
    : withAt(cluster, ['$truth', 'servicePrincipalDeleted'], true);
}

function resourceOf(
  clientId: string,
  application: JsonObject | undefined,
  principal: JsonObject | undefined,
): Json {
  const { displayName, passwordCredentials, keyCredentials, id } = application ?? {};
  return {
    id: `/providers/Microsoft.Graph/applications/${clientId}`,
    name: clientId,
    type: 'Microsoft.Graph/applications',
    properties: {
      ...{ clientId, displayName: displayName ?? principal?.['displayName'] },
      ...{ id, passwordCredentials, keyCredentials },
      principalId: principal?.['id'],
      appOwnerOrganizationId: principal?.['appOwnerOrganizationId'],
      servicePrincipal: principal,
    },
  };
}

function clientIdOf(object: JsonObject): string | undefined {
  return textAt(object, 'appId')?.toLowerCase();
}
