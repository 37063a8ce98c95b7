import type { KubeObject } from '../resource-table';
import type { StoredRequest } from '../stored-api';

/** A request to what stands below an object. */
export interface SubresourceRequest extends StoredRequest {
  readonly object: KubeObject;
  readonly name: string;
  /** Path below the subresource. */
  readonly rest: readonly string[];
}
