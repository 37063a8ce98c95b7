import { partsOf } from '../../arm-id';
import type { Resource } from '../../resource-store';

/** The managed clusters among resources. */
export function clustersIn(resources: ReadonlyMap<string, Resource>): readonly Resource[] {
  return ofType(resources, 'microsoft.containerservice/managedclusters');
}

/** The resources of a type. */
export function ofType(
  resources: ReadonlyMap<string, Resource>,
  type: string,
): readonly Resource[] {
  return [...resources]
    .filter(([id]) => partsOf(id).type.toLowerCase() === type.toLowerCase())
    .map(([, resource]) => resource);
}
