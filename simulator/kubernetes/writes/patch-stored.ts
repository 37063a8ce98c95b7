import { isObject, objectAt } from '../../json';
import { PatchFailed } from '../json-patch';
import type { KubeAnswer, KubeRequest } from '../kube-request';
import { parseBody } from '../parse-body';
import { patches } from '../patch';
import type { KubeObject } from '../resource-table';
import { failure } from '../status';
import { changeObject } from './change-object';
import { notFound } from './write-context';
import type { WriteContext, Written } from './write-context';

/** Changes a kept object by any of the four kinds of patch. */
export function patchStored(
  request: KubeRequest,
  context: WriteContext,
  { before, name }: { readonly before: KubeObject | undefined; readonly name: string },
): Written {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const patch = patches[type];
  if (patch === undefined) return { refused: unknownPatch() };
  const body = parseBody(request.body);
  if (body === undefined)
    return { refused: failure(400, 'the body of the patch is no JSON; send it as JSON') };
  if (before === undefined) return { refused: notFound(context, name) };
  try {
    const after = patch(before, body);
    if (!isObject(after)) return { refused: failure(400, 'the patch does not leave an object') };
    const object = { ...after, metadata: objectAt(after, 'metadata') };
    return changeObject(context, { before, after: object });
  } catch (error) {
    if (error instanceof PatchFailed) return { refused: failed() };
    throw error;
  }
}

export function unknownPatch(): KubeAnswer {
  const known = Object.keys(patches).join(', ');
  return failure(
    415,
    `the body of the request was in an unknown format - accepted media types include: ${known}`,
  );
}

/** The real server does not say which operation failed. */
function failed(): KubeAnswer {
  return failure(422, 'the server rejected our request due to an error in our request', {});
}
