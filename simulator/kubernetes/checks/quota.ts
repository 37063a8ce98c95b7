import { at, objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import { nameOf } from '../object-parts';
import type { KubeObject } from '../resource-table';
import type { WriteContext } from '../writes/write-context';

const computed = [
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
];

/** Why the quotas of its namespace forbid a pod: it does not say what they count, or there are too many pods. */
export function quotaViolation(context: WriteContext, pod: KubeObject): string | undefined {
  const { world, cluster, namespace } = context;
  const quotas = world.objects.list({ cluster: cluster.id, resource: 'resourcequotas', namespace });
  for (const quota of quotas) {
    const found = unspecified(quota, pod) ?? exceeded(context, quota);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unspecified(quota: KubeObject, pod: KubeObject): string | undefined {
  const hard = Object.keys(objectAt(quota, 'spec', 'hard')).filter((name) =>
    computed.includes(name),
  );
  const missing = hard
    .sort()
    .map((name) => [name, lacking(pod, name)] as const)
    .filter(([, containers]) => containers.length > 0)
    .map(([name, containers]) => `${name} for: ${containers.join(',')}`);
  if (missing.length === 0) return undefined;
  return `failed quota: ${nameOf(quota)}: must specify ${missing.join('; ')}`;
}

/** Containers that do not say a resource; a plain name means the request. */
function lacking(pod: KubeObject, name: string): readonly string[] {
  const [type, resource] = name.includes('.') ? name.split('.') : ['requests', name];
  const containers = ['containers', 'initContainers'].flatMap((list) =>
    objectsAt(pod, 'spec', list),
  );
  return containers
    .filter((one) => at(one, 'resources', type ?? '', resource ?? '') === undefined)
    .map((one) => textAt(one, 'name') ?? '')
    .sort();
}

function exceeded(
  { world, cluster, namespace }: WriteContext,
  quota: KubeObject,
): string | undefined {
  const hard: JsonObject = objectAt(quota, 'spec', 'hard');
  const limit = Number(hard['pods'] ?? hard['count/pods'] ?? Infinity);
  const pods = world.objects.list({ cluster: cluster.id, resource: 'pods', namespace });
  const used = pods.filter(
    (pod) => !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? ''),
  ).length;
  if (used < limit) return undefined;
  return `exceeded quota: ${nameOf(quota)}, requested: pods=1, used: pods=${used}, limited: pods=${limit}`;
}
