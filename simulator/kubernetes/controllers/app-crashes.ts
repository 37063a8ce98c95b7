import { workloadOf } from '../tokens/workload-of';
import { appOf } from '../tokens/app';
import { askForToken } from '../tokens/ask-for-token';
import type { KubeObject } from '../resource-table';
import type { Inside } from './inside';

/** Whether the app of a pod ends with an error now, as the settings say of it. */
export function doesCrash(inside: Inside, pod: KubeObject): boolean {
  const { apps } = inside.world.behaviour.kubernetes;
  if (Object.keys(apps).length === 0) return false;
  const { crashes = 'never' } = apps[workloadOf(pod, inside).key] ?? {};
  if (crashes === 'withoutToken') return !getsToken(inside, pod);
  return crashes === 'always';
}

/** Whether the app of a pod gets the token that it needs. */
function getsToken(inside: Inside, pod: KubeObject): boolean {
  return askForToken(pod, appOf(pod, inside), inside).error === undefined;
}
