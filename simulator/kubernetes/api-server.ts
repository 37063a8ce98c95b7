import { textAt } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import type { World } from '../world';
import { addressedBy } from './addressed';
import type { Addressed } from './addressed';
import { discovery } from './discovery';
import { groupsOf, isCustom } from './groups';
import type { KubeAnswer, KubeRequest } from './kube-request';
import type { ObjectSource } from './object-source';
import { ensureBuiltIns } from './objects/built-in-objects';
import { storedObjects } from './objects/stored-objects';
import { patchObject } from './patch-object';
import { listObjects, watchObjects } from './read-objects';
import type { Reading } from './read-objects';
import { representationFor, showObject } from './representation';
import type { Shown } from './representation';
import { apiVersionOf, isStored, qualifiedName } from './resource-table';
import type { ComputedResource, KubeObject, KubeResource } from './resource-table';
import { failure, noSuchPath } from './status';
import { notAllowed, onStoredCollection, onStoredObject } from './stored-api';
import { onSubresource } from './subresources/subresources';
import { WatchCache } from './watch-cache';

interface Asked extends Addressed {
  readonly request: KubeRequest;
  readonly cluster: Cluster;
  readonly shown: Shown;
}

/** The API server of one cluster: takes one request of somebody it knows to its answer. */
export class ApiServer {
  private readonly id: string;
  private readonly world: World;
  private readonly caches = new Map<KubeResource, WatchCache>();

  constructor(clusterId: string, world: World) {
    this.id = clusterId;
    this.world = world;
  }

  /** The cluster as it is now; undefined when it was deleted. */
  get cluster(): Cluster | undefined {
    return this.world.resources.get(this.id);
  }

  handle(request: KubeRequest): KubeAnswer {
    this.world.clock.catchUp();
    const { cluster } = this;
    if (cluster === undefined) return failure(500, 'the cluster is gone');
    ensureBuiltIns(cluster.id, this.world);
    const groups = groupsOf(cluster.id, this.world);
    const said = discovery(request, { cluster, groups, world: this.world });
    if (said) return request.method === 'GET' ? said : notAllowed();
    const addressed = addressedBy(request.path, groups);
    if (addressed === undefined) return noSuchPath();
    if (this.world.behaviour.kubernetes.forbidden.includes(request.user)) {
      return forbidden(request, addressed);
    }
    const shown = this.shownAs(request, addressed);
    if (shown === undefined) return failure(406, notAcceptable);
    try {
      return this.onResource({ ...addressed, request, cluster, shown });
    } catch (error) {
      return failure(400, error instanceof Error ? error.message : String(error));
    }
  }

  private shownAs({ headers, query }: KubeRequest, addressed: Addressed): Shown | undefined {
    const { group, resource } = addressed;
    const as = representationFor(headers['accept']);
    if (as === undefined) return undefined;
    const now = this.world.clock.now();
    const include = query.get('includeObject') ?? undefined;
    const bare = isStored(resource) && !isCustom(group);
    return { resource, apiVersion: apiVersionOf(group), as, include, now, bare };
  }

  private onResource(asked: Asked): KubeAnswer {
    const { resource, name, request } = asked;
    if (name === undefined && request.method === 'GET') return this.onCollection(asked);
    if (isStored(resource)) return this.onStored({ ...asked, resource });
    return name === undefined ? notAllowed() : this.onComputed({ ...asked, resource }, name);
  }

  private onCollection({ resource, group, namespace, request, shown }: Asked): KubeAnswer {
    const name = qualifiedName(group, resource);
    if (name === 'secrets') this.world.objects.noteRead(this.id, name);
    const { continueMinutes } = this.world.behaviour.kubernetes;
    const source = this.sourceOf(resource, name);
    const within = namespace === '' ? undefined : namespace;
    const reading: Reading = {
      source,
      shown,
      namespace: within,
      tokenMs: continueMinutes * 60_000,
    };
    const watches = ['true', '1'].includes(request.query.get('watch') ?? '');
    return (watches ? watchObjects : listObjects)(request, reading);
  }

  private onStored(
    asked: Asked & { readonly resource: Parameters<typeof onStoredObject>[0]['resource'] },
  ): KubeAnswer {
    const { world } = this;
    const { name, below, request, resource } = asked;
    const stored = { ...asked, world };
    if (name === undefined) return onStoredCollection(stored);
    if (below.length > 0) return onSubresource(stored, name);
    if (request.method === 'GET' && resource.name === 'secrets') {
      world.objects.noteRead(this.id, 'secrets');
    }
    return onStoredObject(stored, name);
  }

  private onComputed(
    asked: Asked & { readonly resource: ComputedResource },
    name: string,
  ): KubeAnswer {
    const { resource, request, cluster, shown, below } = asked;
    if (below.length > 0) return noSuchPath();
    const cache = this.cacheOf(resource);
    const object = cache.list().find((one) => textAt(one, 'metadata', 'name') === name);
    if (object === undefined) return absent(resource, name);
    if (request.method === 'GET') return { status: 200, body: showObject(object, shown) };
    if (request.method !== 'PATCH' || resource.write === undefined) return notAllowed();
    return patchObject(request, { object, cluster, cache, shown, resource }, this.world);
  }

  private sourceOf(resource: KubeResource, name: string): ObjectSource {
    if (!isStored(resource)) return this.cacheOf(resource);
    return storedObjects({ cluster: this.id, resource: name }, this.world);
  }

  private cacheOf(resource: ComputedResource): WatchCache {
    const read = (): readonly KubeObject[] =>
      this.cluster === undefined ? [] : resource.list(this.cluster, this.world);
    const cache = this.caches.get(resource) ?? new WatchCache(read, this.world.clock);
    this.caches.set(resource, cache);
    return cache;
  }
}

const notAcceptable =
  'only the following media types are accepted: application/json, application/json;as=Table;v=v1;g=meta.k8s.io, application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';

function absent({ name: kind }: KubeResource, name: string): KubeAnswer {
  return failure(404, `${kind} "${name}" not found`, { name, kind });
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update' };

function forbidden(
  { method, user }: KubeRequest,
  { resource, name, group, namespace }: Addressed,
): KubeAnswer {
  const reading = name === undefined ? 'list' : 'get';
  const verb = method === 'GET' ? reading : (verbs[method] ?? method.toLowerCase());
  const subject = name === undefined ? resource.name : `${resource.name} "${name}"`;
  const scope =
    namespace === undefined || namespace === ''
      ? 'at the cluster scope'
      : `in the namespace "${namespace}"`;
  return failure(
    403,
    `${subject} is forbidden: User "${user}" cannot ${verb} resource "${resource.name}" in API group "${group.group}" ${scope}`,
    { ...(name !== undefined && { name }), kind: resource.name },
  );
}
