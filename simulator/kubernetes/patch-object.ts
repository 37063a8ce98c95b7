import { canonical, isObject, objectAt, textAt } from '../json';
import type { Json, JsonObject } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import type { World } from '../world';
import { PatchFailed } from './json-patch';
import type { KubeAnswer, KubeRequest } from './kube-request';
import { parseBody } from './parse-body';
import { patches } from './patch';
import { showObject } from './representation';
import type { Shown } from './representation';
import type { ComputedResource, KubeObject } from './resource-table';
import { failure } from './status';
import type { WatchCache } from './watch-cache';

export interface Target {
  readonly resource: ComputedResource;
  readonly object: KubeObject;
  readonly cluster: Cluster;
  readonly cache: WatchCache;
  readonly shown: Shown;
}

/** Changes an object by any of the four kinds of patch. */
export function patchObject(request: KubeRequest, target: Target, world: World): KubeAnswer {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const patch = patches[type];
  if (patch === undefined) {
    const known = Object.keys(patches).join(', ');
    return failure(
      415,
      `the body of the request was in an unknown format - accepted media types include: ${known}`,
    );
  }
  if (type.includes('apply') && !request.query.has('fieldManager')) {
    return failure(
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const body = parseBody(request.body);
  if (body === undefined) return failure(400, 'the body of the patch is no JSON; send it as JSON');
  try {
    return accept(request, { target, after: patch(target.object, body) }, world);
  } catch (error) {
    if (error instanceof PatchFailed) return failure(422, error.message);
    throw error;
  }
}

function accept(
  { query }: KubeRequest,
  { target, after }: { target: Target; after: Json },
  world: World,
): KubeAnswer {
  const { object: before, cluster, cache, shown, resource } = target;
  if (!isObject(after)) return failure(400, 'the patch does not leave an object');
  const metadata = objectAt(after, 'metadata');
  const refused = conflict(before, metadata, shown);
  if (refused) return refused;
  const changed: KubeObject = { ...after, metadata };
  const idle = canonical(changed) === canonical(before);
  if (idle || query.get('dryRun') === 'All') {
    return { status: 200, body: showObject(changed, shown) };
  }
  resource.write?.({ cluster, before, after: changed }, world);
  const name = textAt(before, 'metadata', 'name');
  const saved = cache.list().find((one) => textAt(one, 'metadata', 'name') === name) ?? changed;
  return { status: 200, body: showObject(saved, shown) };
}

/** A patch that names a version or uid holds for that one only; the name never changes. */
function conflict(
  { metadata: before }: KubeObject,
  after: JsonObject,
  { resource }: Shown,
): KubeAnswer | undefined {
  const name = textAt(before, 'name') ?? '';
  const details = { name, kind: resource.name };
  if (after['name'] !== name) {
    return failure(422, `metadata.name: Invalid value: field is immutable`, details);
  }
  const same = ['resourceVersion', 'uid'].every((member) => after[member] === before[member]);
  if (same) return undefined;
  return failure(
    409,
    `Operation cannot be fulfilled on ${resource.name} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    details,
  );
}
