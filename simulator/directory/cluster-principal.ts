import { at, textAt, withAt } from '../json';
import type { JsonObject } from '../json';
import type { Resource } from '../resource-store';
import { servicePrincipalOf } from '../scenarios/identities';
import type { World } from '../world';
import { application, servicePrincipal } from './entry';
import type { Entry } from './entry';

export const clusterType = 'Microsoft.ContainerService/managedClusters';
const day = 24 * 60 * 60_000;

export interface ClusterPrincipalIds {
  readonly appId: string;
  readonly principalId: string;
  /** Object id of the application. */
  readonly id: string;
}

/**
 * The service principal that a cluster has, or had: moving to a managed identity leaves it in the directory. Undefined
 * for a cluster that never had one.
 */
export function clusterPrincipalIds(
  cluster: Resource,
  { seed }: World,
): ClusterPrincipalIds | undefined {
  const objectId = textAt(cluster.$truth, 'servicePrincipalObjectId');
  const appId = currentClientId(cluster) ?? formerClientId(cluster, objectId, seed);
  if (appId === undefined) return undefined;
  const key = appId.toLowerCase();
  return {
    appId,
    principalId: objectId ?? seed.guid('service principal object of', key),
    id: seed.guid('application object', key),
  };
}

export function isDeleted(cluster: Resource): boolean {
  return at(cluster.$truth, 'servicePrincipalDeleted') === true;
}

/** The service principal of a cluster and its application with one secret. */
export function clusterEntry(cluster: Resource, world: World): Entry {
  const ids = clusterPrincipalIds(cluster, world);
  if (ids === undefined) return {};
  const { appId, principalId, id } = ids;
  const displayName = `${textAt(cluster, 'name') ?? 'cluster'}-sp`;
  return {
    principal: servicePrincipal({
      id: principalId,
      appId,
      displayName,
      servicePrincipalType: 'Application',
      appOwnerOrganizationId: world.tenantId,
      alternativeNames: [],
    }),
    application: {
      ...application({ id, appId, displayName }),
      passwordCredentials: [secretOf(cluster, appId.toLowerCase(), world)],
    },
  };
}

/**
 * The one secret, as the Azure CLI makes it: good for a year ("Use a service principal with AKS"). It ends when the
 * scenario says, or between 20 and 330 days after the world began.
 */
function secretOf(cluster: Resource, appId: string, { seed, since }: World): JsonObject {
  const given = Date.parse(textAt(cluster.$truth, 'secretEnds') ?? '');
  const ends = Number.isNaN(given)
    ? since + seed.between(20, 330, 'secret ends', appId) * day
    : given;
  return {
    keyId: seed.guid('secret key', appId),
    displayName: 'rbac',
    startDateTime: new Date(ends - 365 * day).toISOString(),
    endDateTime: new Date(ends).toISOString(),
    hint: seed.guid('secret hint', appId).slice(0, 3),
  };
}

/** The cluster that is about to get a managed identity, with what ARM then no longer says. */
export function withFormerClient(before: Resource | undefined, cluster: Resource): Resource {
  const clientId = before && currentClientId(before);
  if (clientId === undefined || textAt(cluster, 'identity', 'type') === undefined) return cluster;
  return withAt(cluster, ['$truth', 'servicePrincipalClientId'], clientId);
}

function currentClientId(cluster: Resource): string | undefined {
  const clientId = textAt(cluster, 'properties', 'servicePrincipalProfile', 'clientId');
  return clientId === 'msi' ? undefined : clientId;
}

function formerClientId(
  cluster: Resource,
  objectId: string | undefined,
  seed: World['seed'],
): string | undefined {
  const noted = textAt(cluster.$truth, 'servicePrincipalClientId');
  if (noted !== undefined || objectId === undefined) return noted;
  const madeUp = servicePrincipalOf(seed, textAt(cluster, 'name') ?? '');
  return madeUp.principalId === objectId
    ? madeUp.clientId
    : seed.guid('application of', objectId.toLowerCase());
}
