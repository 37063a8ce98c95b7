import { textAt } from '../../json';
import type { Inside } from '../controllers/inside';

/** Whether what ARM says of a cluster holds inside of it: the effects of a write come when it has ended well. */
export function isSettled({ cluster, world }: Inside): boolean {
  const state = textAt(cluster, 'properties', 'provisioningState');
  return state === 'Succeeded' && world.operations.runningOn(cluster.id) === undefined;
}
