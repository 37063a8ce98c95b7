import { at, isObject, objectAt, objectsAt, textAt, withAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import { aksError } from '../../provider';
import type { ArmRequest, ArmResponse } from '../../provider';
import type { World } from '../../world';
import { nameOf, poolNamed, poolTruth, usesServicePrincipal } from './cluster';
import type { Cluster, Pool } from './cluster';
import { withoutSecrets } from './secrets';

const ownTopLevel = new Set(['id', 'name', 'type', 'properties', 'eTag', 'systemData', '$truth']);
const readOnlyProperties = new Set([
  'provisioningState',
  'powerState',
  'currentKubernetesVersion',
  'fqdn',
  'privateFQDN',
  'azurePortalFQDN',
  'maxAgentPools',
  'resourceUID',
  'status',
  'agentPoolProfiles',
]);
const readOnlyPool = new Set([
  'provisioningState',
  'currentOrchestratorVersion',
  'eTag',
  'status',
  'nodeImageVersion',
  'powerState',
]);

/**
 * The cluster that a PUT asks for: members it names replace what is there. All others keep their value, or lose it where
 * a write replaces.
 */
export function desiredCluster(
  { body, id, params }: ArmRequest,
  present: Cluster | undefined,
  { behaviour }: World,
): Cluster {
  const before = present && behaviour.clusterPut === 'replace' ? ownMembersOf(present) : present;
  const wanted = isObject(body) ? body : {};
  const cluster: Cluster = before ?? {
    id,
    name: params['cluster'] ?? '',
    type: 'Microsoft.ContainerService/ManagedClusters',
    sku: { name: 'Base', tier: 'Free' },
  };
  return withoutSecrets<Cluster>({
    ...cluster,
    ...without(wanted, ownTopLevel),
    id: cluster.id,
    properties: {
      ...objectAt(cluster, 'properties'),
      ...without(objectAt(wanted, 'properties'), readOnlyProperties),
      agentPoolProfiles: desiredPools(wanted, before),
    },
  });
}

/** What only Azure writes. */
function ownMembersOf(cluster: Cluster): Cluster {
  const { id, name, type, eTag, systemData, sku, $truth } = cluster;
  const kept = Object.entries(objectAt(cluster, 'properties')).filter(([member]) =>
    [...readOnlyProperties, ...settled].includes(member),
  );
  return {
    ...{ id, name, type, eTag, systemData, sku },
    ...($truth && { $truth }),
    properties: Object.fromEntries(kept),
  };
}

/** Properties that stay what they were made as. */
const settled = ['nodeResourceGroup', 'dnsPrefix', 'identityProfile', 'oidcIssuerProfile'];

/** The pool that a PUT asks for. */
export function desiredPool(before: Pool | undefined, wanted: JsonObject): Pool {
  const defaults: Pool = { count: 1, type: 'VirtualMachineScaleSets', mode: 'User' };
  return { ...(before ?? defaults), ...without(wanted, readOnlyPool) };
}

function desiredPools(wanted: JsonObject, before: Cluster | undefined): readonly Pool[] {
  const asked = objectsAt(wanted, 'properties', 'agentPoolProfiles');
  const kept = objectsAt(before, 'properties', 'agentPoolProfiles');
  const changed = kept.map((pool) => {
    const change = asked.find((candidate) => nameOf(candidate) === nameOf(pool));
    return change ? desiredPool(pool, change) : pool;
  });
  const added = asked.filter((pool) => !kept.some((known) => nameOf(known) === nameOf(pool)));
  return [...changed, ...added.map((pool) => desiredPool(undefined, pool))];
}

/** Refuses a body that no cluster can be made of. */
export function invalidBody(
  request: ArmRequest,
  before: Cluster | undefined,
  world: World,
): ArmResponse | undefined {
  const { body } = request;
  if (!isObject(body)) {
    return aksError(400, 'InvalidParameter', 'The request body must be a managed cluster.');
  }
  if (textAt(body, 'location') === undefined) {
    return aksError(
      400,
      'LocationRequired',
      'The location property is required for this definition.',
    );
  }
  return invalidIdentity(body, before, world) ?? (before && refusedRollback(body, before));
}

function invalidIdentity(
  body: JsonObject,
  before: Cluster | undefined,
  world: World,
): ArmResponse | undefined {
  const type = textAt(body, 'identity', 'type');
  const ids = Object.keys(objectAt(body, 'identity', 'userAssignedIdentities'));
  if (type === 'UserAssigned' && ids.length !== 1) {
    return aksError(
      400,
      'InvalidUserAssignedIdentity',
      `A managed cluster takes exactly one user-assigned identity, not ${ids.length}.`,
    );
  }
  if (before && leavesManagedIdentity(before, body)) {
    return aksError(
      400,
      'BadRequest',
      'A cluster with a managed identity cannot go back to a service principal.',
    );
  }
  const absent = ids.find((id) => !world.resources.get(id));
  if (type !== 'UserAssigned' || absent === undefined) return undefined;
  return aksError(
    400,
    'FailedIdentityOperation',
    `Identity operation for the resource failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: 'Resource '${absent}' was not found.''.`,
  );
}

function leavesManagedIdentity(before: Cluster, body: JsonObject): boolean {
  if (usesServicePrincipal(before)) return false;
  return usesServicePrincipal(body) || textAt(body, 'identity', 'type') === 'None';
}

/** `nodeImageVersion` in a PUT means: roll back to that one. Only a recently used one is taken. */
function refusedRollback(body: JsonObject, before: Cluster): ArmResponse | undefined {
  for (const asked of objectsAt(body, 'properties', 'agentPoolProfiles')) {
    const pool = poolNamed(before, nameOf(asked));
    const refused = pool && refusedImage(before, pool, asked['nodeImageVersion']);
    if (refused) return refused;
  }
  return undefined;
}

/** Refuses an image version that is neither the pool's own nor one it used recently. */
export function refusedImage(
  cluster: Cluster,
  pool: Pool,
  version: Json | undefined,
): ArmResponse | undefined {
  if (typeof version !== 'string' || version === at(pool, 'nodeImageVersion')) return undefined;
  const recent = poolTruth(cluster, nameOf(pool)).recentlyUsedVersions ?? [];
  if (recent.some((used) => used['nodeImageVersion'] === version)) return undefined;
  return aksError(
    400,
    'InvalidParameter',
    `The node image version ${version} is not one of the recently used versions of agent pool ${nameOf(pool)}.`,
  );
}

/** The image a PUT rolls the pool back to; undefined when it asks for none. */
export function rollbackImage(pool: Pool, asked: JsonObject): string | undefined {
  const version = textAt(asked, 'nodeImageVersion');
  return version === at(pool, 'nodeImageVersion') ? undefined : version;
}

function without(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  return [...names].reduce((rest, name) => withAt(rest, [name], undefined), object);
}
