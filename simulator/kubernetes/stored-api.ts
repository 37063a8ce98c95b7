import type { JsonObject } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import type { World } from '../world';
import type { KubeAnswer, KubeRequest } from './kube-request';
import { namespaceIn, nameOf } from './object-parts';
import { showList, showObject } from './representation';
import type { Shown } from './representation';
import type { KubeObject, ServedResource } from './resource-table';
import { selection } from './selectors';
import { failure } from './status';
import { changeObject } from './writes/change-object';
import { createObject } from './writes/create-object';
import { deleteObject } from './writes/delete-object';
import { patchStored } from './writes/patch-stored';
import { deleteOptionsIn, isDryRun, managerOf, objectIn } from './writes/requested';
import { addressIn, detailsOf, notFound } from './writes/write-context';
import type { WriteContext, Written } from './writes/write-context';

/** A request to kept objects, with everything that its answer depends on. */
export interface StoredRequest extends ServedResource {
  readonly request: KubeRequest;
  readonly cluster: Cluster;
  readonly world: World;
  readonly shown: Shown;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
}

/** Everything about one object but its subresources. */
export function onStoredObject(asked: StoredRequest, name: string): KubeAnswer {
  const { request, world, shown } = asked;
  const context = writeContext(asked);
  const before = world.objects.get(addressIn(context, name));
  if (request.method === 'PATCH') {
    return answerTo(patchStored(request, context, { before, name }), shown);
  }
  if (before === undefined) return notFound(context, name);
  switch (request.method) {
    case 'GET':
      return { status: 200, body: showObject(before, shown) };
    case 'PUT':
      return replaced(asked, context, before);
    case 'DELETE':
      return deleted(context, { before, request }, shown);
    default:
      return notAllowed();
  }
}

/** Creates an object, or deletes all that the selectors choose; lists and watches are answered elsewhere. */
export function onStoredCollection(asked: StoredRequest): KubeAnswer {
  const { request, shown } = asked;
  if (asked.namespace === undefined && request.method === 'POST') return notAllowed();
  if (request.method === 'DELETE') return deletedCollection(asked);
  if (request.method !== 'POST') return notAllowed();
  const read = objectIn(request);
  if ('refused' in read) return read.refused;
  return answerTo(createObject(writeContext(asked), read.object), shown);
}

export function writeContext(asked: StoredRequest, subresource = ''): WriteContext {
  const { group, resource, cluster, world, namespace = '', request } = asked;
  const manager = managerOf(request, subresource);
  return { group, resource, cluster, world, namespace, manager, dryRun: isDryRun(request) };
}

export function answerTo(written: Written, shown: Shown): KubeAnswer {
  if ('refused' in written) return written.refused;
  return { status: written.status, body: showObject(written.object, shown) };
}

export function notAllowed(): KubeAnswer {
  return failure(405, 'the server does not allow this method on the requested resource', {});
}

function replaced(asked: StoredRequest, context: WriteContext, before: KubeObject): KubeAnswer {
  const read = objectIn(asked.request);
  if ('refused' in read) return read.refused;
  const { apiVersion, kind } = before;
  const after = { apiVersion, kind, ...read.object };
  return answerTo(changeObject(context, { before, after }), asked.shown);
}

/** An object that is gone is answered by a Status, one that stays for now by itself. */
function deleted(
  context: WriteContext,
  { before, request }: { readonly before: KubeObject; readonly request: KubeRequest },
  shown: Shown,
): KubeAnswer {
  const written = deleteObject(context, before, deleteOptionsIn(request));
  if ('refused' in written) return written.refused;
  const name = nameOf(written.object);
  const { uid } = written.object.metadata;
  const address = addressIn(context, name);
  const stays = context.world.objects.get(address) !== undefined && !context.dryRun;
  if (stays) return { status: 200, body: showObject(written.object, shown) };
  const details: JsonObject = {
    ...detailsOf(context, name),
    ...(uid !== undefined && { uid }),
  };
  return {
    status: 200,
    body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details },
  };
}

function deletedCollection(asked: StoredRequest): KubeAnswer {
  const { world, request, shown, namespace } = asked;
  const { cluster, resource } = addressIn(writeContext(asked), '');
  const chosen = world.objects
    .list({ cluster, resource, namespace })
    .filter(selection(request.query, asked.resource));
  for (const object of chosen) {
    const context = { ...writeContext(asked), namespace: namespaceIn(object) };
    deleteObject(context, object, deleteOptionsIn(request));
  }
  return { status: 200, body: showList(chosen, {}, shown) };
}
