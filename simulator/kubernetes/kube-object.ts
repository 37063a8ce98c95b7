import type { JsonObject } from '../json';

/** A Kubernetes object as the API answers it. */
export interface KubeObject extends JsonObject {
  readonly metadata: JsonObject;
}
