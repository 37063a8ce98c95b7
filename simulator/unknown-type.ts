import ranges from './data/api-versions.json';
import resourceTypes from './data/resource-types.json';
import { armError } from './provider';
import type { ArmResponse } from './provider';

const namespaces = new Set(
  [...Object.keys(resourceTypes), ...Object.keys(ranges)].map((name) => name.toLowerCase()),
);

/** ARM's answer for a type that nobody has registered: it tells an unknown namespace from an unknown type in it. */
export function unknownType(namespace: string, type: string, version: string): ArmResponse {
  if (namespace !== '' && !namespaces.has(namespace.toLowerCase())) {
    const message = `The resource namespace '${namespace}' is invalid.`;
    return armError(404, 'InvalidResourceNamespace', message);
  }
  return armError(
    404,
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the namespace '${namespace}' for api version '${version}'.`,
  );
}
