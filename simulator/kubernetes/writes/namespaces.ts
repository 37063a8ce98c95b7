import { at } from '../../json';
import type { KubeAnswer } from '../kube-request';
import type { KubeObject } from '../resource-table';
import { failure } from '../status';
import { forbidden } from './write-context';
import type { WriteContext } from './write-context';

/** The namespace that a write is about; undefined when there is none of that name. */
export function namespaceOf({ world, cluster, namespace }: WriteContext): KubeObject | undefined {
  return world.objects.get({
    cluster: cluster.id,
    resource: 'namespaces',
    namespace: '',
    name: namespace,
  });
}

/** Nothing is created in a namespace that is not there or on its way out. */
export function namespaceRefusal(context: WriteContext, name: string): KubeAnswer | undefined {
  const { resource, namespace } = context;
  if (!resource.namespaced) return undefined;
  const found = namespaceOf(context);
  if (found === undefined) {
    const details = { name: namespace, kind: 'namespaces' };
    return failure(404, `namespaces "${namespace}" not found`, details);
  }
  if (at(found, 'metadata', 'deletionTimestamp') === undefined) return undefined;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  return forbidden(context, name, why);
}
