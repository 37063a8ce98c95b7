import { withAt } from '../../json';
import type { World } from '../../world';
import type { Change, ObjectSource } from '../object-source';
import type { LoggedChange, ObjectChange } from './object-store';

/** The kept objects of one resource of a cluster, as lists and watches read them. */
export function storedObjects(
  { cluster, resource }: { cluster: string; resource: string },
  { objects }: World,
): ObjectSource {
  const isOwn = ({ address }: ObjectChange): boolean =>
    address.resource === resource && address.cluster.toLowerCase() === cluster.toLowerCase();
  return {
    get version() {
      return objects.version(cluster);
    },
    list: (namespace) => objects.list({ cluster, resource, namespace }),
    since: (version) => objects.since(cluster, version)?.filter(isOwn).flatMap(changeOf),
    watch: (tell) =>
      objects.onChange((change) => {
        if (!isOwn(change)) return;
        for (const one of changeOf({ ...change, version: objects.version(cluster) })) tell(one);
      }),
  };
}

/** A deleted object is told with the version of its deletion. */
function changeOf({ before, after, version }: LoggedChange): readonly Change[] {
  if (after) return [{ type: before ? 'MODIFIED' : 'ADDED', version, object: after }];
  if (before === undefined) return [];
  const object = withAt(before, ['metadata', 'resourceVersion'], String(version));
  return [{ type: 'DELETED', version, object }];
}
