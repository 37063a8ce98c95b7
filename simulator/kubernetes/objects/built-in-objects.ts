import { objectAt } from '../../json';
import type { JsonObject } from '../../json';
import type { World } from '../../world';
import { nameOf } from '../object-parts';
import { timeText } from '../writes/times';
import type { KubeObject } from '../resource-table';
import { settleSoon } from './settle-soon';

const everywhere = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Namespaces that every cluster has, each with its default service account. Does nothing where they are there. */
export function ensureBuiltIns(cluster: string, world: World): void {
  const resource = 'namespaces';
  if (world.objects.get({ cluster, resource, namespace: '', name: 'kube-system' })) return;
  for (const name of everywhere) {
    if (world.objects.get({ cluster, resource, namespace: '', name })) continue;
    world.objects.load({ cluster, resource }, namespaceObject(cluster, name, world));
  }
  for (const namespace of world.objects.list({ cluster, resource })) {
    ensureDefaultAccount({ cluster, namespace: nameOf(namespace) }, world);
  }
  settleSoon(cluster, world);
}

/** The default service account of a namespace; there is one whatever became of it. */
export function ensureDefaultAccount(
  { cluster, namespace }: { readonly cluster: string; readonly namespace: string },
  world: World,
): void {
  const resource = 'serviceaccounts';
  const name = 'default';
  if (world.objects.get({ cluster, resource, namespace, name })) return;
  world.objects.put(
    { cluster, resource },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: builtInMetadata({ cluster, resource, namespace, name }, world),
    },
  );
}

function namespaceObject(cluster: string, name: string, world: World): KubeObject {
  const metadata = builtInMetadata({ cluster, resource: 'namespaces', namespace: '', name }, world);
  const labels = { ...objectAt(metadata, 'labels'), 'kubernetes.io/metadata.name': name };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { ...metadata, labels },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

/** Uid and time of creation of an object that nobody created. */
export function builtInMetadata(
  {
    cluster,
    resource,
    namespace,
    name,
  }: Readonly<Record<'cluster' | 'resource' | 'namespace' | 'name', string>>,
  world: World,
): JsonObject {
  return {
    name,
    ...(namespace !== '' && { namespace }),
    uid: world.seed.guid('uid', cluster.toLowerCase(), resource, namespace, name),
    creationTimestamp: timeText(world.since),
  };
}
