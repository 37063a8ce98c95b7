import { pathOf } from './resource-table';
import type { ApiGroup, KubeResource } from './resource-table';

/** What the path of a request names. */
export interface Addressed {
  readonly group: ApiGroup;
  readonly resource: KubeResource;
  /** Empty for what belongs to no namespace, undefined for all of them. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** What stands below the object, such as `status` or `proxy/metrics`. */
  readonly below: readonly string[];
}

/** The resource at a path; undefined for a path that none of these groups serves. */
export function addressedBy(path: string, groups: readonly ApiGroup[]): Addressed | undefined {
  for (const group of groups) {
    const base = `${pathOf(group)}/`;
    if (!path.startsWith(base)) continue;
    const segments = path.slice(base.length).split('/').map(decoded);
    const found = inNamespace(group, segments) ?? anywhere(group, segments);
    if (found) return found;
  }
  return undefined;
}

function inNamespace(group: ApiGroup, segments: readonly string[]): Addressed | undefined {
  const [first, namespace, plural, name, ...below] = segments;
  if (first !== 'namespaces' || namespace === undefined || plural === undefined) return undefined;
  const resource = group.resources.find((one) => one.name === plural && one.namespaced);
  return resource && { group, resource, namespace, name, below };
}

function anywhere(group: ApiGroup, segments: readonly string[]): Addressed | undefined {
  const [plural, name, ...below] = segments;
  const resource = group.resources.find((one) => one.name === plural);
  if (resource === undefined) return undefined;
  if (resource.namespaced) {
    return name === undefined ? { group, resource, namespace: undefined, name, below } : undefined;
  }
  return { group, resource, namespace: '', name, below };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // no escape: as it is
  }
}
