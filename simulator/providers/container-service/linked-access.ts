import { isAllowed } from '../../rights/access';
import { parentOf } from '../../arm-id';
import { at, objectAt, objectsAt, textAt } from '../../json';
import { aksError, armError } from '../../provider';
import type { ArmResponse } from '../../provider';
import type { World } from '../../world';
import { controlPlanePrincipal, nodeGroupId, poolsOf, usesServicePrincipal } from './cluster';
import type { Cluster } from './cluster';

/** A resource outside the cluster that its control plane must be allowed to use. */
interface LinkedResource {
  readonly id: string;
  readonly action: string;
  readonly refuse: (principalId: string) => ArmResponse;
}

/**
 * Refuses a cluster whose control-plane identity lacks a right on a subnet, a route table, a private DNS zone or its own
 * kubelet identity. A system-assigned identity that is being created cannot hold rights yet and is not asked.
 */
export function missingAccess(wanted: Cluster, world: World): ArmResponse | undefined {
  const principalId = controlPlanePrincipal(wanted, world);
  if (principalId === undefined) return undefined;
  const missing = linkedResources(wanted, world).find(
    ({ id, action }) => !isAllowed(world, { principalId, action, scope: id }),
  );
  return missing?.refuse(principalId);
}

/** Refuses a system-assigned identity where AKS cannot work with one. */
export function unsupportedIdentity(wanted: Cluster, world: World): ArmResponse | undefined {
  if (at(wanted, 'identity', 'type') !== 'SystemAssigned') return undefined;
  if (routeTables(wanted, world).length > 0) {
    return aksError(
      400,
      'BadRequest',
      'Clusters using managed identity type SystemAssigned do not support bringing your own route table. Please see https://aka.ms/aks/customrt for more information',
    );
  }
  return privateZone(wanted) === undefined
    ? undefined
    : aksError(
        400,
        'BadRequest',
        'Clusters using managed identity type SystemAssigned do not support a custom private DNS zone. Use a user-assigned identity.',
      );
}

function linkedResources(cluster: Cluster, world: World): readonly LinkedResource[] {
  return [
    ...subnets(cluster).map(subnet),
    ...routeTables(cluster, world).map(routeTable),
    ...[privateZone(cluster) ?? []].flat().map(dnsZone),
    ...[ownKubeletIdentity(cluster) ?? []].flat().map(kubeletIdentity),
  ];
}

function subnets(cluster: Cluster): readonly string[] {
  const ids = poolsOf(cluster).flatMap((pool) => [
    textAt(pool, 'vnetSubnetID') ?? [],
    textAt(pool, 'podSubnetID') ?? [],
  ]);
  return [...new Set(ids.flat())];
}

function routeTables(cluster: Cluster, { resources }: World): readonly string[] {
  if (at(cluster, 'properties', 'networkProfile', 'networkPlugin') !== 'kubenet') return [];
  const ids = subnets(cluster).flatMap((id) => {
    const network = resources.get(parentOf(id));
    const found = objectsAt(network, 'properties', 'subnets').find(
      (candidate) => textAt(candidate, 'id')?.toLowerCase() === id.toLowerCase(),
    );
    return textAt(found, 'properties', 'routeTable', 'id') ?? [];
  });
  return [...new Set(ids)];
}

function privateZone(cluster: Cluster): string | undefined {
  const zone = textAt(cluster, 'properties', 'apiServerAccessProfile', 'privateDNSZone');
  return zone?.startsWith('/') === true ? zone : undefined;
}

function ownKubeletIdentity(cluster: Cluster): string | undefined {
  if (usesServicePrincipal(cluster)) return undefined;
  const profile = objectAt(cluster, 'properties', 'identityProfile', 'kubeletidentity');
  const id = textAt(profile, 'resourceId');
  const madeByAks = id?.toLowerCase().startsWith(`${nodeGroupId(cluster).toLowerCase()}/`);
  return madeByAks === false ? id : undefined;
}

function subnet(id: string): LinkedResource {
  const action = 'Microsoft.Network/virtualNetworks/subnets/join/action';
  return { id, action, refuse: (principalId) => linkedAuthorization(principalId, action, id) };
}

function routeTable(id: string): LinkedResource {
  return {
    id,
    action: 'Microsoft.Network/routeTables/write',
    refuse: (principalId) =>
      aksError(
        400,
        'CustomRouteTableMissingPermission',
        `The cluster using user-assigned managed identity must be granted 'Network Contributor' role or a custom role with permissions on the route table ${id}. Principal: ${principalId}.`,
      ),
  };
}

function dnsZone(id: string): LinkedResource {
  return {
    id,
    action: 'Microsoft.Network/privateDnsZones/write',
    refuse: (principalId) =>
      aksError(
        400,
        'CustomPrivateDNSZoneMissingPermissionError',
        `Service principal or user assigned identity ${principalId} must be given permission to read and write to custom private dns zone ${id}.`,
      ),
  };
}

function kubeletIdentity(id: string): LinkedResource {
  return {
    id,
    action: 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    refuse: (principalId) =>
      aksError(
        400,
        'CustomKubeletIdentityMissingPermissionError',
        `The cluster user assigned identity ${principalId} must be given permission to assign kubelet identity ${id}.`,
      ),
  };
}

function linkedAuthorization(principalId: string, action: string, id: string): ArmResponse {
  return armError(
    403,
    'LinkedAuthorizationFailed',
    `The client '${principalId}' with object id '${principalId}' has permission to perform action 'Microsoft.ContainerService/managedClusters/write'; however, it does not have permission to perform action '${action}' on the linked scope(s) '${id}' or the linked scope(s) are invalid.`,
  );
}
