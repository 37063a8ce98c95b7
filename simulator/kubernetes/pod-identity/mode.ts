import { textAt } from '../../json';
import type { World } from '../../world';
import { controllerOf, namespaceOf, resourceOf } from '../controllers/objects';
import type { KubeObject } from '../resource-table';
import { isManagedMode, isNamespaced, isNmi, templateOf } from './images';
import type { Mode } from './matching';

interface Place {
  readonly cluster: { readonly id: string };
  readonly world: World;
}

/** How a pod of NMI works: as its own arguments say, or those of its daemon set. */
export function modeOf(nmi: KubeObject, { cluster, world }: Place): Mode {
  const owner = controllerOf(nmi);
  const set = world.objects.get({
    cluster: cluster.id,
    resource: resourceOf.DaemonSet,
    namespace: namespaceOf(nmi),
    name: textAt(owner, 'name') ?? '',
  });
  const made = set === undefined ? [nmi] : [nmi, templateOf(set)];
  return { managed: made.some(isManagedMode), namespaced: made.some(isNamespaced) };
}

/** How pod identity works in a cluster, whichever of its daemon sets comes first; managed where there is none. */
export function modeOfCluster({ cluster, world }: Place): Mode {
  const resource = resourceOf.DaemonSet;
  const set = world.objects
    .list({ cluster: cluster.id, resource })
    .find((one) => isNmi(templateOf(one)));
  if (set === undefined) return { managed: true, namespaced: true };
  const template = templateOf(set);
  return { managed: isManagedMode(template), namespaced: isNamespaced(template) };
}
