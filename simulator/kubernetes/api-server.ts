import { textAt } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import type { World } from '../world';
import { discovery } from './discovery';
import { groups } from './groups';
import type { KubeAnswer, KubeRequest } from './kube-request';
import { patchObject } from './patch-object';
import { listObjects, watchObjects } from './read-objects';
import { representationFor, showObject } from './representation';
import type { Shown } from './representation';
import { apiVersionOf, pathOf } from './resource-table';
import type { ApiGroup, KubeObject, KubeResource } from './resource-table';
import { failure, noSuchPath } from './status';
import { WatchCache } from './watch-cache';

interface Addressed {
  readonly group: ApiGroup;
  readonly resource: KubeResource;
  readonly name: string | undefined;
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
    const said = discovery(request, cluster);
    if (said) return request.method === 'GET' ? said : notAllowed();
    const addressed = addressedBy(request.path);
    if (addressed === undefined) return noSuchPath();
    if (this.world.behaviour.kubernetes.forbidden.includes(request.user)) {
      return forbidden(request, addressed);
    }
    try {
      return this.onResource(request, addressed, cluster);
    } catch (error) {
      return failure(400, error instanceof Error ? error.message : String(error));
    }
  }

  private onResource(request: KubeRequest, addressed: Addressed, cluster: Cluster): KubeAnswer {
    const { group, resource, name } = addressed;
    const { method, headers, query } = request;
    const as = representationFor(headers['accept']);
    if (as === undefined) return failure(406, notAcceptable);
    const now = this.world.clock.now();
    const include = query.get('includeObject') ?? undefined;
    const shown: Shown = { resource, apiVersion: apiVersionOf(group), as, include, now };
    const cache = this.cacheOf(resource);
    if (name === undefined) return onCollection(request, cache, shown);
    const object = cache.list().find((one) => textAt(one, 'metadata', 'name') === name);
    if (object === undefined) return absent(resource, name);
    if (method === 'GET') return { status: 200, body: showObject(object, shown) };
    if (method !== 'PATCH' || resource.write === undefined) return notAllowed();
    return patchObject(request, { object, cluster, cache, shown }, this.world);
  }

  private cacheOf(resource: KubeResource): WatchCache {
    const read = (): readonly KubeObject[] =>
      this.cluster === undefined ? [] : resource.list(this.cluster, this.world);
    const cache = this.caches.get(resource) ?? new WatchCache(read, this.world.clock);
    this.caches.set(resource, cache);
    return cache;
  }
}

function onCollection(request: KubeRequest, cache: WatchCache, shown: Shown): KubeAnswer {
  if (request.method !== 'GET') return notAllowed();
  const watches = ['true', '1'].includes(request.query.get('watch') ?? '');
  return (watches ? watchObjects : listObjects)(request, cache, shown);
}

const notAcceptable =
  'only the following media types are accepted: application/json, application/json;as=Table;v=v1;g=meta.k8s.io, application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';

function addressedBy(path: string): Addressed | undefined {
  for (const group of groups) {
    const base = `${pathOf(group)}/`;
    if (!path.startsWith(base)) continue;
    const [plural, name, ...rest] = path.slice(base.length).split('/');
    const resource = group.resources.find((one) => one.name === plural);
    if (resource && rest.length === 0) return { group, resource, name };
  }
  return undefined;
}

function notAllowed(): KubeAnswer {
  return failure(405, 'the server does not allow this method on the requested resource', {});
}

function absent({ name: kind }: KubeResource, name: string): KubeAnswer {
  return failure(404, `${kind} "${name}" not found`, { name, kind });
}

function forbidden(
  { method, user }: KubeRequest,
  { resource, name, group }: Addressed,
): KubeAnswer {
  const reading = name === undefined ? 'list' : 'get';
  const verb = method === 'GET' ? reading : method.toLowerCase();
  const subject = name === undefined ? resource.name : `${resource.name} "${name}"`;
  return failure(
    403,
    `${subject} is forbidden: User "${user}" cannot ${verb} resource "${resource.name}" in API group "${group.group}" at the cluster scope`,
    { ...(name !== undefined && { name }), kind: resource.name },
  );
}
