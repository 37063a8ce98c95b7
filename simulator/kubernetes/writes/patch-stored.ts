import { isObject, objectAt, withAt } from '../../json';
import type { Json } from '../../json';
import { isCustom } from '../groups';
import { PatchFailed } from '../json-patch';
import type { KubeAnswer, KubeRequest } from '../kube-request';
import { parseBody } from '../parse-body';
import { applyType, patches, strategicType } from '../patch';
import { apiVersionOf } from '../resource-table';
import type { KubeObject } from '../resource-table';
import { failure } from '../status';
import { changeObject } from './change-object';
import { createObject } from './create-object';
import { applyConfig } from './ownership';
import { conflict, notFound } from './write-context';
import type { WriteContext, Written } from './write-context';

interface Patched {
  readonly before: KubeObject | undefined;
  readonly name: string;
}

/** Changes a kept object by any of the four kinds of patch; server-side apply also creates it. */
export function patchStored(
  request: KubeRequest,
  context: WriteContext,
  patched: Patched,
): Written {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const refused = unreadable(type, request, context);
  if (refused) return { refused };
  const body = parseBody(request.body);
  if (body === undefined) {
    return { refused: failure(400, 'the body of the patch is no JSON; send it as JSON') };
  }
  if (type === applyType) return applyStored(context, patched, body);
  const { before, name } = patched;
  if (before === undefined) return { refused: notFound(context, name) };
  const after = patchedBy(type, before, body);
  return 'refused' in after ? after : changeObject(context, { before, after: after.object });
}

function unreadable(
  type: string,
  { query }: KubeRequest,
  { group }: WriteContext,
): KubeAnswer | undefined {
  const known = Object.keys(patches).filter((one) => !isCustom(group) || one !== strategicType);
  if (!known.includes(type)) return unknownPatch(known);
  return type === applyType && (query.get('fieldManager') ?? '') === ''
    ? withoutManager()
    : undefined;
}

function patchedBy(
  type: string,
  before: KubeObject,
  body: Json,
): { readonly object: KubeObject } | { readonly refused: KubeAnswer } {
  try {
    const after = patches[type]?.(before, body);
    if (!isObject(after)) return { refused: failure(400, 'the patch does not leave an object') };
    return { object: { ...after, metadata: objectAt(after, 'metadata') } };
  } catch (error) {
    if (error instanceof PatchFailed) return { refused: failed() };
    throw error;
  }
}

function applyStored(context: WriteContext, { before, name }: Patched, body: Json): Written {
  const mistaken = mistakeIn(context, name, body);
  if (mistaken !== undefined) return { refused: failure(400, mistaken) };
  const { namespace, resource } = context;
  const metadata = {
    ...objectAt(body, 'metadata'),
    name,
    ...(resource.namespaced && { namespace }),
  };
  const config: KubeObject = { ...objectAt(body), metadata };
  const asksFor = ['uid', 'resourceVersion'].filter(
    (member) => config.metadata[member] !== undefined,
  );
  if (before === undefined && asksFor.length > 0) {
    return { refused: conflict(context, name, 'uid mismatch: the object is not there') };
  }
  const result = applyConfig(context, before, config);
  if ('refused' in result) return result;
  if (before === undefined)
    return createObject(context, {
      ...config,
      ...result.object,
      metadata: { ...metadata, ...result.object.metadata },
    });
  const after = asksFor.reduce(
    (object, member) => withAt(object, ['metadata', member], config.metadata[member]),
    result.object,
  );
  return changeObject(context, { before, after });
}

/** What an applied configuration must say, and must not. */
function mistakeIn(
  { group, resource, namespace }: WriteContext,
  name: string,
  body: Json,
): string | undefined {
  if (!isObject(body)) return 'the applied configuration is no object';
  const metadata = objectAt(body, 'metadata');
  const managed = metadata['managedFields'];
  if (Array.isArray(managed) && managed.length > 0) return 'metadata.managedFields must be nil';
  if (body['apiVersion'] !== apiVersionOf(group) || body['kind'] !== resource.kind) {
    return `the applied configuration must have apiVersion ${apiVersionOf(group)} and kind ${resource.kind}`;
  }
  if ((metadata['name'] ?? name) !== name) {
    return `the name of the object (${JSON.stringify(metadata['name'])}) does not match the name on the URL (${name})`;
  }
  if ((metadata['namespace'] ?? namespace) === namespace) return undefined;
  return 'the namespace of the provided object does not match the namespace sent on the request';
}

function unknownPatch(known: readonly string[]): KubeAnswer {
  return failure(
    415,
    `the body of the request was in an unknown format - accepted media types include: ${known.join(', ')}`,
  );
}

function withoutManager(): KubeAnswer {
  const message =
    'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch';
  const field = 'fieldManager';
  const cause = {
    reason: 'FieldValueRequired',
    message: 'Required value: is required for apply patch',
    field,
  };
  const details = { group: 'meta.k8s.io', kind: 'PatchOptions', causes: [cause] };
  return failure(422, message, details);
}

/** The real server does not say which operation failed. */
function failed(): KubeAnswer {
  return failure(422, 'the server rejected our request due to an error in our request', {});
}
