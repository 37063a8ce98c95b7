import { dropLog } from '../objects/pod-logs';
import { namespaceIn, nameOf } from '../object-parts';
import type { KubeObject } from '../resource-table';
import { isPod } from './pods';
import { addressIn } from './write-context';
import type { WriteContext } from './write-context';

/** Takes an object away for good, and with a pod what it has written. */
export function removeObject(context: WriteContext, object: KubeObject): void {
  const { world, cluster } = context;
  world.objects.delete(addressIn(context, nameOf(object)));
  if (!isPod(context)) return;
  dropLog({ cluster: cluster.id, namespace: namespaceIn(object), name: nameOf(object) }, world);
}
