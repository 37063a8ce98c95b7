import { canonical } from '../../json';
import type { JsonObject } from '../../json';
import { without } from '../object-parts';
import type { KubeObject, ServedResource } from '../resource-table';

const withoutGeneration = ['', 'rbac.authorization.k8s.io', 'autoscaling'];

/** Whether the server counts the changes of the spec of such an object. */
export function keepsGeneration({ group, resource }: ServedResource): boolean {
  if (resource.name === 'replicationcontrollers') return true;
  return !withoutGeneration.includes(group.group);
}

/** Everything but metadata and status counts. */
export function changesSpec(before: KubeObject, after: KubeObject): boolean {
  return canonical(desired(before)) !== canonical(desired(after));
}

function desired(object: KubeObject): JsonObject {
  return without(object, 'metadata', 'status');
}
