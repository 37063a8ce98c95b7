import type { KubeObject } from '../resource-table';
import type { Inside } from './inside';

/** Whether the app of a pod ends with an error now. */
export function doesCrash(_inside: Inside, _pod: KubeObject): boolean {
  return false;
}
