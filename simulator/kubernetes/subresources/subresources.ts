import type { KubeAnswer } from '../kube-request';
import { noSuchPath } from '../status';
import type { StoredRequest } from '../stored-api';

/** What stands below an object. */
export function onSubresource(_asked: StoredRequest, _name: string): KubeAnswer {
  return noSuchPath();
}
