import type { JsonObject } from '../../json';
import { groupsOf } from '../groups';
import { apiVersionOf, pathOf } from '../resource-table';
import type { ApiGroup, KubeResource } from '../resource-table';
import type { CommandPod } from './command-pod';

export interface Found {
  readonly group: ApiGroup;
  readonly resource: KubeResource;
}

/** The resource that an argument names: `deployment`, `deploy`, `deployments.apps` or `deployments.v1.apps`. */
export function resourceNamed(kind: string, pod: CommandPod): Found | undefined {
  return served(pod, ({ group, resource: { name, singular, shortNames } }) =>
    [
      name,
      singular,
      ...shortNames,
      `${name}.${group.group}`,
      `${name}.${group.version}.${group.group}`,
    ].includes(kind.toLowerCase()),
  );
}

/** The resource that an object is one of, if the cluster serves it. */
export function resourceOf({ apiVersion, kind }: JsonObject, pod: CommandPod): Found | undefined {
  return served(
    pod,
    ({ group, resource }) => resource.kind === kind && apiVersionOf(group) === apiVersion,
  );
}

function served(
  { cluster, world }: CommandPod,
  isMeant: (found: Found) => boolean,
): Found | undefined {
  return groupsOf(cluster, world)
    .flatMap((group) => group.resources.map((resource) => ({ group, resource })))
    .find(isMeant);
}

export function placeOf(
  { group, resource }: Found,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): string {
  const within = resource.namespaced ? `/namespaces/${namespace}` : '';
  return `${pathOf(group)}${within}/${resource.name}/${name}`;
}

/** As kubectl names what it changed: `deployment.apps/web`. */
export function titled({ group, resource }: Found, name: string): string {
  return `${resource.singular}${group.group === '' ? '' : `.${group.group}`}/${name}`;
}
