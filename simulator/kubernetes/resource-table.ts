import type { Json } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import type { World } from '../world';
import type { KubeObject } from './kube-object';

export type { KubeObject };

export interface ObjectChange {
  readonly cluster: Cluster;
  readonly before: KubeObject;
  readonly after: KubeObject;
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  /** 0: always printed; 1: with `-o wide`. */
  readonly priority: number;
  readonly value: (object: KubeObject, now: number) => Json;
}

/** What an API server needs to discover, select and print a resource. */
export interface ResourceShape {
  readonly name: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories?: readonly string[];
  readonly columns: readonly Column[];
  /** Members that a field selector may name. */
  readonly fields: readonly string[];
}

/** A resource whose objects follow from something else. */
export interface ComputedResource extends ResourceShape {
  /** All objects as they are now, without resource versions, in order of their names. */
  list(cluster: Cluster, world: World): readonly KubeObject[];
  /** Keeps what a client may change of an object; the rest of the object is ignored. */
  readonly write?: (change: ObjectChange, world: World) => void;
}

/** A resource whose objects are kept as they were written. */
export interface StoredResource extends ResourceShape {
  readonly stored: true;
  /** What stands below its objects, such as `status` and `scale`. */
  readonly subresources: readonly string[];
}

/** One resource of a Kubernetes API group. */
export type KubeResource = ComputedResource | StoredResource;

export interface ApiGroup {
  /** The empty text for the core group. */
  readonly group: string;
  readonly version: string;
  readonly resources: readonly KubeResource[];
}

/** A stored resource and the group that serves it. */
export interface ServedResource {
  readonly group: ApiGroup;
  readonly resource: StoredResource;
}

export function isStored(resource: KubeResource): resource is StoredResource {
  return 'stored' in resource;
}

const storedVerbs = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

export function verbsOf(resource: KubeResource): readonly string[] {
  if (isStored(resource)) return storedVerbs;
  return ['get', 'list', 'watch', ...(resource.write ? ['patch'] : [])];
}

export function apiVersionOf({ group, version }: ApiGroup): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Path below which the resources of a group are served. */
export function pathOf(group: ApiGroup): string {
  return `${group.group === '' ? '/api' : '/apis'}/${apiVersionOf(group)}`;
}

/** Name of a resource with its group, as the object store has it: `pods`, `deployments.apps`. */
export function qualifiedName({ group }: ApiGroup, { name }: ResourceShape): string {
  return group === '' ? name : `${name}.${group}`;
}
