import { textAt, withAt } from '../json';
import type { Resource, ResourceStore } from '../resource-store';

const place = ['$truth', 'endpointUrl'];
const hidden = 'hidden';

/** A resource without the keys in the address that its events go to: what the control surface shows. */
export function withoutKeys(resource: Resource): Resource {
  const url = textAt(resource, ...place);
  if (url?.includes('?') !== true) return resource;
  return withAt<Resource>(resource, place, `${url.slice(0, url.indexOf('?'))}?${hidden}`);
}

/** The other way round, for a resource that this world has given without its keys. */
export function withKeys(resource: Resource, present: ResourceStore): Resource {
  const known = present.get(resource.id);
  const isOurs = known !== undefined && textAt(resource, ...place)?.endsWith(`?${hidden}`) === true;
  const url = isOurs ? textAt(known, ...place) : undefined;
  return url === undefined ? resource : withAt<Resource>(resource, place, url);
}
