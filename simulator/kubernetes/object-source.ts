import type { KubeObject } from './resource-table';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: KubeObject;
}

/** Where lists and watches of one resource get their objects. */
export interface ObjectSource {
  /** Version of the last change. */
  readonly version: number;
  /** Objects with their resource versions, by namespace and name; of one namespace when that is given. */
  list(namespace?: string): readonly KubeObject[];
  /** Changes after a version; undefined when they are no longer known. */
  since(version: number): readonly Change[] | undefined;
  /** Tells every change from now on; the result ends it. */
  watch(tell: (change: Change) => void): () => void;
}
