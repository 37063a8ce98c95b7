import { objectAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { World } from '../../world';
import { controllerOf, nameOf, namespaceOf, resourceOf } from '../controllers/objects';
import type { Kind } from '../controllers/objects';
import type { KubeObject } from '../resource-table';

export interface Place {
  readonly cluster: { readonly id: string };
  readonly world: World;
}

/** What a pod belongs to in the end. */
export interface Workload {
  /** `<namespace>/<Kind>/<name>`. */
  readonly key: string;
  /** Undefined for a kind that nothing here keeps. */
  readonly object: KubeObject | undefined;
}

/** The workload of a pod: its controllers are followed to the one that has none. */
export function workloadOf(pod: KubeObject, { cluster, world }: Place): Workload {
  const namespace = namespaceOf(pod);
  let found: KubeObject | undefined = pod;
  let [kind, name] = ['Pod', nameOf(pod)];
  for (let owner = controllerOf(pod); owner !== undefined; owner = found && controllerOf(found)) {
    kind = textAt(owner, 'kind') ?? '';
    name = textAt(owner, 'name') ?? '';
    const resource: string | undefined = kind in resourceOf ? resourceOf[kind as Kind] : undefined;
    found =
      resource === undefined
        ? undefined
        : world.objects.get({ cluster: cluster.id, resource, namespace, name });
  }
  return { key: `${namespace}/${kind}/${name}`, object: found };
}

/** The template of a workload; a pod is its own. */
export function templateOf({ object }: Workload): JsonObject | undefined {
  if (object === undefined) return undefined;
  if (object['kind'] === 'Pod') return object;
  return object['kind'] === 'CronJob'
    ? objectAt(object, 'spec', 'jobTemplate', 'spec', 'template')
    : objectAt(object, 'spec', 'template');
}
