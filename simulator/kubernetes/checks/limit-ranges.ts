import { objectAt, objectsAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import { filled } from '../defaults/filled';
import type { KubeObject } from '../resource-table';
import type { WriteContext } from '../writes/write-context';

/** A pod whose containers have the requests and limits that the limit ranges of its namespace give by default. */
export function withLimitRanges(
  { world, cluster, namespace }: WriteContext,
  pod: KubeObject,
): KubeObject {
  const limits = world.objects
    .list({ cluster: cluster.id, resource: 'limitranges', namespace })
    .flatMap((range) => objectsAt(range, 'spec', 'limits'))
    .filter((limit) => limit['type'] === 'Container');
  if (limits.length === 0) return pod;
  const complete = (container: JsonObject): JsonObject =>
    limits.reduce((one, limit) => filled(one, { resources: defaultsOf(limit) }), container);
  return ['initContainers', 'containers']
    .filter((name) => objectsAt(pod, 'spec', name).length > 0)
    .reduce(
      (one, name) => withAt(one, ['spec', name], objectsAt(one, 'spec', name).map(complete)),
      pod,
    );
}

/** A default limit is the default request where there is none. */
function defaultsOf(limit: JsonObject): JsonObject {
  const limits = objectAt(limit, 'default');
  const requests = { ...limits, ...objectAt(limit, 'defaultRequest') };
  return {
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(requests).length > 0 && { requests }),
  };
}
