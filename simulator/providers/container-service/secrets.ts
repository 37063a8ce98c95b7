import { at, withAt } from '../../json';
import type { JsonObject } from '../../json';

/** Members of a cluster that are written and never read. */
const secrets: readonly (readonly string[])[] = [
  ['properties', 'windowsProfile', 'adminPassword'],
  ['properties', 'servicePrincipalProfile', 'secret'],
  ['properties', 'aadProfile', 'serverAppSecret'],
];

export function withoutSecrets<T extends JsonObject>(cluster: T): T {
  return secrets.reduce(
    (shown, path) => (at(shown, ...path) === undefined ? shown : withAt(shown, path, undefined)),
    cluster,
  );
}
