import { textAt } from '../json';
import type { World } from '../world';
import { nodes } from './nodes/nodes-resource';
import { qualifiedName } from './resource-table';
import type { ApiGroup, KubeObject, ServedResource } from './resource-table';
import { coreResources } from './resources/core';
import { customGroups, otherGroups } from './resources/others';
import { appsResources, batchResources } from './resources/workloads';

/** What every API server serves: one table for each API group. A further resource is one more entry. */
const builtIn: readonly ApiGroup[] = [
  { group: '', version: 'v1', resources: [nodes, ...coreResources] },
  { group: 'apps', version: 'v1', resources: appsResources },
  { group: 'batch', version: 'v1', resources: batchResources },
  ...otherGroups,
];

const allGroups: readonly ApiGroup[] = [...builtIn, ...customGroups];

/** Whether a group is one of custom resources. */
export function isCustom({ group }: ApiGroup): boolean {
  return customGroups.some((one) => one.group === group);
}

/** What one cluster serves: a group of custom resources once its definition or an object of it is there. */
export function groupsOf(cluster: string, { objects }: World): readonly ApiGroup[] {
  const resource = 'customresourcedefinitions.apiextensions.k8s.io';
  const defined = new Set(
    objects.list({ cluster, resource }).map((one) => textAt(one, 'spec', 'group')),
  );
  const installed = customGroups.filter(
    (group) =>
      defined.has(group.group) ||
      group.resources.some((one) => objects.any(cluster, qualifiedName(group, one))),
  );
  return [...builtIn, ...installed];
}

/** The stored resource that an object is one of, by its `apiVersion` and `kind`. */
export function resourceOfKind({ apiVersion, kind }: KubeObject): ServedResource | undefined {
  for (const group of allGroups) {
    const version = group.group === '' ? group.version : `${group.group}/${group.version}`;
    const resource = group.resources.find((one) => one.kind === kind);
    if (version === apiVersion && resource && 'stored' in resource) return { group, resource };
  }
  return undefined;
}
