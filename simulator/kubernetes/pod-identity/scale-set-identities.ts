import { objectAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import { nameOf, poolsOf } from '../../providers/container-service/cluster';
import type { Cluster } from '../../providers/container-service/cluster';
import { scaleSetOf } from '../../providers/container-service/reimage';
import type { Resource } from '../../resource-store';
import type { World } from '../../world';
import type { Inside } from '../controllers/inside';

const path = ['identity', 'userAssignedIdentities'];

export const identitiesOn = (scaleSet: Resource): readonly string[] =>
  Object.keys(objectAt(scaleSet, ...path));

export function carries(scaleSet: Resource, identity: string): boolean {
  return identitiesOn(scaleSet).some((id) => id.toLowerCase() === identity.toLowerCase());
}

/** The scale sets of all pools of a cluster. */
export function scaleSetsOf(cluster: Cluster, world: World): readonly Resource[] {
  return poolsOf(cluster).flatMap(
    (pool) => world.resources.get(scaleSetOf(cluster, nameOf(pool), world)) ?? [],
  );
}

/** Puts an identity on a scale set; one that does not exist stays off. */
export function attach(scaleSet: Resource, identity: string, world: World): Resource {
  const found = world.resources.get(identity);
  if (found === undefined || carries(scaleSet, identity)) return scaleSet;
  const { clientId, principalId } = objectAt(found, 'properties');
  const identities = { ...objectAt(scaleSet, ...path), [found.id]: { clientId, principalId } };
  return withIdentities(scaleSet, identities);
}

export function detach(scaleSet: Resource, identity: string): Resource {
  const kept = Object.entries(objectAt(scaleSet, ...path)).filter(
    ([id]) => id.toLowerCase() !== identity.toLowerCase(),
  );
  return withIdentities(scaleSet, Object.fromEntries(kept));
}

function withIdentities(scaleSet: Resource, userAssignedIdentities: JsonObject): Resource {
  const identity =
    Object.keys(userAssignedIdentities).length === 0
      ? { type: 'None' }
      : { type: 'UserAssigned', userAssignedIdentities };
  return { ...scaleSet, identity };
}

/** Lets the scale sets carry the identities of the add-on's entries, and takes off those whose entry is gone. */
export function keepIdentities({ cluster, world }: Inside, wanted: readonly string[]): void {
  const keys = [...new Set(wanted.map((id) => id.toLowerCase()))].sort();
  for (const scaleSet of scaleSetsOf(cluster, world)) {
    const before = objectAt(scaleSet.$truth)['podIdentities'];
    const known = Array.isArray(before) ? before.map(String) : [];
    const gone = known.filter((id) => !keys.includes(id));
    const missing = wanted.filter((id) => !carries(scaleSet, id) && world.resources.get(id));
    if (gone.length + missing.length === 0 && known.length === keys.length) continue;
    const freed = gone.reduce(detach, scaleSet);
    const changed = missing.reduce((one, id) => attach(one, id, world), freed);
    const truth = ['$truth', 'podIdentities'];
    world.resources.put(withAt(changed, truth, keys.length === 0 ? undefined : keys));
  }
}
