import { at, isObject, objectAt, objectsAt, textAt } from '../json';
import type { Json } from '../json';
import type { ArmRequest } from '../provider';
import type { World } from '../world';

export interface LinkedAction {
  readonly action: string;
  readonly scope: string;
}

const assign = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';
const join = 'Microsoft.Network/virtualNetworks/subnets/join/action';
const joinAddress = 'Microsoft.Network/publicIPAddresses/join/action';
const joinPrefix = 'Microsoft.Network/publicIPPrefixes/join/action';
const readDisks = 'Microsoft.Compute/diskEncryptionSets/read';

/**
 * Rights that the caller of a write needs on what the body refers to, also where it refers to it already. Source: AKS
 * article on identity permissions; "linked access check" in ARM errors.
 */
export function linkedActions(
  { method, id, body }: ArmRequest,
  world: World,
): readonly LinkedAction[] {
  if (method !== 'PUT' && method !== 'PATCH') return [];
  const ofCluster = /\/Microsoft\.ContainerService\/managedClusters\//i.test(id);
  const pairs = [
    ...identitiesIn(body).map((identity) => [identity, assign] as const),
    ...(ofCluster ? linksOfCluster(body) : []),
  ];
  const scopes = new Map(pairs.map(([scope, action]) => [scope.toLowerCase(), action]));
  // An id that leads nowhere is the provider's to refuse.
  return [...scopes]
    .filter(([scope, action]) => action === join || world.resources.get(scope) !== undefined)
    .map(([scope, action]) => ({ action, scope }));
}

function linksOfCluster(body: Json | undefined): readonly (readonly [string, string])[] {
  const balancer = objectAt(body, 'properties', 'networkProfile', 'loadBalancerProfile');
  const idsIn = (...path: readonly string[]): readonly string[] =>
    objectsAt(balancer, ...path).flatMap((one) => textAt(one, 'id') ?? []);
  const prefixes = objectsAt(body, 'properties', 'agentPoolProfiles').flatMap(
    (pool) => textAt(pool, 'nodePublicIPPrefixID') ?? [],
  );
  const disks = textAt(body, 'properties', 'diskEncryptionSetID');
  return [
    ...subnetsIn(body).map((one) => [one, join] as const),
    ...idsIn('outboundIPs', 'publicIPs').map((one) => [one, joinAddress] as const),
    ...[...idsIn('outboundIPPrefixes', 'publicIPPrefixes'), ...prefixes].map(
      (one) => [one, joinPrefix] as const,
    ),
    ...(disks === undefined ? [] : [[disks, readDisks] as const]),
  ];
}

/** Identities that a resource is to have; one that is named with `null` is to be taken away. */
function identitiesIn(body: Json | undefined): readonly string[] {
  const assigned = Object.entries(objectAt(body, 'identity', 'userAssignedIdentities'))
    .filter(([, value]) => value !== null)
    .map(([id]) => id);
  const kubelet = textAt(body, 'properties', 'identityProfile', 'kubeletidentity', 'resourceId');
  const group = textAt(body, 'properties', 'nodeResourceGroup')?.toLowerCase();
  const own = kubelet?.toLowerCase().includes(`/resourcegroups/${group ?? ''}/`) === true;
  return kubelet === undefined || own ? assigned : [...assigned, kubelet];
}

function subnetsIn(body: Json | undefined): readonly string[] {
  const pools = [
    ...objectsAt(body, 'properties', 'agentPoolProfiles'),
    objectAt(body, 'properties'),
  ];
  return pools.flatMap((pool) =>
    ['vnetSubnetID', 'podSubnetID'].flatMap((name) => {
      const subnet: Json | undefined = isObject(pool) ? at(pool, name) : undefined;
      return typeof subnet === 'string' ? [subnet] : [];
    }),
  );
}
