import { preemptOperation } from '../../operations';
import type { ArmResponse } from '../../provider';
import type { World } from '../../world';
import type { Cluster } from './cluster';
import { notAllowed } from './preconditions';

/** Ends what runs on a cluster that is to be deleted; refuses when that is a deletion. */
export function makeWay(cluster: Cluster, world: World): ArmResponse | undefined {
  const running = world.operations.runningOn(cluster.id);
  if (running === undefined) return undefined;
  if (running.kind === 'Deleting') return notAllowed('the deletion was issued already.');
  preemptOperation(world, running, {
    code: 'AKSOperationPreemptedByDelete',
    message: 'The operation was preempted by a deletion of the cluster.',
  });
  return undefined;
}
