import { z } from 'zod';

import { isObject, textAt } from '../../json';
import type { Json, JsonObject } from '../../json';
import type { Cluster } from '../../providers/container-service/cluster';
import type { World } from '../../world';
import { isCustom, resourceOfKind } from '../groups';
import type { ServedResource } from '../resource-table';
import { nameOf } from '../object-parts';
import { qualifiedName } from '../resource-table';
import type { KubeObject } from '../resource-table';
import { builtInMetadata, ensureBuiltIns } from './built-in-objects';
import { appendLog, logOf } from './pod-logs';
import { serverVersion, setServerVersion } from './server-version';
import { settleSoon } from './settle-soon';

const KubernetesObject = z
  .looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.looseObject({ name: z.string().min(1) }),
  })
  .transform((object) => object as unknown as KubeObject);

/** What is inside of a cluster, as a world document says it. */
export const ClusterContent = z.strictObject({
  /** `gitVersion` of the API server, such as `v1.33.2`; absent: what ARM says. */
  serverVersion: z.string().optional(),
  /** Objects as the API server answers them. */
  objects: z.array(KubernetesObject).default([]),
  /** Text that pods have written, by `namespace/pod`. */
  podLogs: z.record(z.string(), z.string()).default({}),
  /** Only in answers: how often somebody read a Secret. */
  secretReads: z.number().optional(),
});
export type ClusterContent = z.output<typeof ClusterContent>;

/** By ARM id of the cluster. */
export const ClusterContents = z.record(z.string(), ClusterContent);
export type ClusterContents = z.output<typeof ClusterContents>;

/** Fills clusters. What an object does not say of itself, a uid and the time of its creation, is made up. @throws Error */
export function loadClusters(contents: ClusterContents, world: World): void {
  for (const [id, content] of Object.entries(contents)) {
    const cluster = world.resources.get(id);
    if (cluster === undefined) {
      throw new Error(`kubernetes.${id}: there is no such cluster. Name one by its ARM id.`);
    }
    world.objects.clear(cluster.id);
    loadCluster(cluster, content, world);
  }
}

function loadCluster(cluster: Cluster, content: ClusterContent, world: World): void {
  if (content.serverVersion !== undefined) setServerVersion(cluster, content.serverVersion, world);
  for (const object of content.objects) loadObject(cluster.id, object, world);
  ensureBuiltIns(cluster.id, world);
  settleSoon(cluster.id, world);
  const time = world.clock.now();
  for (const [place, text] of Object.entries(content.podLogs)) {
    const [namespace = '', name = ''] = place.split('/');
    const lines = text.replace(/\n$/, '').split('\n');
    appendLog(
      { cluster: cluster.id, namespace, name },
      lines.map((line) => ({ time, text: line })),
      world,
    );
  }
}

function loadObject(cluster: string, object: KubeObject, world: World): void {
  const served = resourceOfKind(object);
  if (served === undefined) {
    throw new Error(
      `kubernetes.${cluster}: ${textAt(object, 'apiVersion') ?? ''} ${textAt(object, 'kind') ?? ''} is not served. Leave ${nameOf(object)} out.`,
    );
  }
  const resource = qualifiedName(served.group, served.resource);
  const namespace = served.resource.namespaced ? namespaceFor(object) : '';
  const place = { cluster, resource, namespace, name: nameOf(object) };
  const metadata: JsonObject = { ...builtInMetadata(place, world), ...object.metadata };
  world.objects.load({ cluster, resource }, { ...object, metadata });
  if (isCustom(served.group)) ensureDefinition(cluster, served, world);
}

/** A custom object implies the definition of its kind, whether the document has it or not. */
function ensureDefinition(
  cluster: string,
  { group: { group, version }, resource: kind }: ServedResource,
  world: World,
): void {
  const resource = 'customresourcedefinitions.apiextensions.k8s.io';
  const place = { cluster, resource, namespace: '', name: `${kind.name}.${group}` };
  if (world.objects.get(place)) return;
  world.objects.load(
    { cluster, resource },
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: builtInMetadata(place, world),
      spec: {
        group,
        names: {
          ...{ kind: kind.kind, listKind: `${kind.kind}List` },
          ...{ plural: kind.name, singular: kind.singular },
        },
        scope: kind.namespaced ? 'Namespaced' : 'Cluster',
        versions: [{ name: version, served: true, storage: true }],
      },
    },
  );
}

function namespaceFor({ metadata }: KubeObject): string {
  const found = textAt(metadata, 'namespace') ?? '';
  return found === '' ? 'default' : found;
}

/** What is inside of every cluster that holds anything, in the form that `loadClusters` takes. */
export function clusterContents(world: World): JsonObject {
  const clusters = world.resources
    .ofType('Microsoft.ContainerService/managedClusters')
    .filter(({ id }) => world.objects.has(id));
  return Object.fromEntries(clusters.map((cluster) => [cluster.id, contentOf(cluster, world)]));
}

function contentOf(cluster: Cluster, world: World): JsonObject {
  const all = [...world.objects.of(cluster.id)];
  const logs = all
    .filter(([resource]) => resource === '$logs')
    .map(([, { metadata }]) => {
      const [namespace, name] = [
        textAt(metadata, 'namespace') ?? '',
        textAt(metadata, 'name') ?? '',
      ];
      const lines = logOf({ cluster: cluster.id, namespace, name }, world);
      return [`${namespace}/${name}`, lines.map(({ text }) => text).join('\n')] as const;
    });
  return {
    serverVersion: `v${serverVersion(cluster, world)}`,
    objects: all.filter(([resource]) => !resource.startsWith('$')).map(([, object]) => object),
    podLogs: Object.fromEntries(logs),
    secretReads: world.objects.readsOf(cluster.id, 'secrets'),
  };
}

/** The part of a world document that says what is inside of clusters. @throws Error with the path of every mistake. */
export function contentsIn(document: Json | undefined): Json {
  if (!isObject(document)) return {};
  const given = isObject(document['given']) ? document['given'] : document;
  return given['kubernetes'] ?? {};
}
