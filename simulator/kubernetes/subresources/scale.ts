import { at, objectAt, textAt, withAt } from '../../json';
import type { JsonObject } from '../../json';
import { without } from '../object-parts';
import { jsonPatch, PatchFailed } from '../json-patch';
import type { KubeAnswer } from '../kube-request';
import { parseBody } from '../parse-body';
import { applyType, patches } from '../patch';
import type { KubeObject } from '../resource-table';
import { failure } from '../status';
import { notAllowed, writeContext } from '../stored-api';
import { changeObject } from '../writes/change-object';
import type { SubresourceRequest } from './subresource-request';

/** How many pods an object wants, as an object of its own. */
export function onScale(asked: SubresourceRequest): KubeAnswer {
  const { request, object: before } = asked;
  const scale = scaleOf(before);
  if (request.method === 'GET') return { status: 200, body: scale };
  if (!['PUT', 'PATCH'].includes(request.method)) return notAllowed();
  const wanted = request.method === 'PUT' ? parseBody(request.body) : patched(asked, scale);
  if (wanted === undefined)
    return failure(422, 'the server rejected our request due to an error in our request', {});
  const replicas = at(wanted, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number' || replicas < 0) {
    return failure(422, 'spec.replicas: Invalid value: must be greater than or equal to 0', {});
  }
  const asks = at(wanted, 'metadata', 'resourceVersion') ?? before.metadata['resourceVersion'];
  const after = withAt(
    withAt(before, ['spec', 'replicas'], replicas),
    ['metadata', 'resourceVersion'],
    asks,
  );
  const written = changeObject(writeContext(asked, 'scale'), { before, after });
  if ('refused' in written) return written.refused;
  return { status: 200, body: scaleOf(written.object) };
}

function patched({ request }: SubresourceRequest, scale: JsonObject) {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const patch = type === 'application/json-patch+json' ? jsonPatch : patches[type];
  const body = parseBody(request.body);
  if (patch === undefined || body === undefined || type === applyType) return undefined;
  try {
    return patch(scale, body);
  } catch (error) {
    if (error instanceof PatchFailed) return undefined;
    throw error;
  }
}

function scaleOf(object: KubeObject): JsonObject {
  const selector = objectAt(object, 'spec', 'selector');
  const labels =
    selector['matchLabels'] === undefined ? selector : objectAt(selector, 'matchLabels');
  const pairs = Object.entries(without(labels, 'matchExpressions'));
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: at(object, 'spec', 'replicas') ?? 1 },
    status: {
      replicas: at(object, 'status', 'replicas') ?? 0,
      selector: pairs.map(([key]) => `${key}=${textAt(labels, key) ?? ''}`).join(','),
    },
  };
}
