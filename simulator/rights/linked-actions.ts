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

/**
 * Rights that the caller of a write needs on what the body refers to, also where it refers to it already. Source: AKS
 * article on identity permissions; "linked access check" in ARM errors.
 */
export function linkedActions(
  { method, id, body }: ArmRequest,
  world: World,
): readonly LinkedAction[] {
  if (method !== 'PUT' && method !== 'PATCH') return [];
  const scopes = new Map<string, string>();
  for (const identity of identitiesIn(body)) scopes.set(identity.toLowerCase(), assign);
  if (/\/Microsoft\.ContainerService\/managedClusters\//i.test(id)) {
    for (const subnet of subnetsIn(body)) scopes.set(subnet.toLowerCase(), join);
  }
  // An id that leads nowhere is the provider's to refuse.
  return [...scopes]
    .filter(([scope, action]) => action === join || world.resources.get(scope) !== undefined)
    .map(([scope, action]) => ({ action, scope }));
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
