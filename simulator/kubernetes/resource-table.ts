import type { Json, JsonObject } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import type { World } from '../world';

export interface KubeObject extends JsonObject {
  readonly metadata: JsonObject;
}

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

/** One resource of a Kubernetes API group: what an API server needs to discover, read, print and change it. */
export interface KubeResource {
  readonly name: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly columns: readonly Column[];
  /** Members that a field selector may name. */
  readonly fields: readonly string[];
  /** All objects as they are now, without resource versions, in order of their names. */
  list(cluster: Cluster, world: World): readonly KubeObject[];
  /** Keeps what a client may change of an object; the rest of the object is ignored. */
  readonly write?: (change: ObjectChange, world: World) => void;
}

export interface ApiGroup {
  /** The empty text for the core group. */
  readonly group: string;
  readonly version: string;
  readonly resources: readonly KubeResource[];
}

export function verbsOf({ write }: KubeResource): readonly string[] {
  return ['get', 'list', 'watch', ...(write ? ['patch'] : [])];
}

export function apiVersionOf({ group, version }: ApiGroup): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Path below which the resources of a group are served. */
export function pathOf(group: ApiGroup): string {
  return `${group.group === '' ? '/api' : '/apis'}/${apiVersionOf(group)}`;
}
