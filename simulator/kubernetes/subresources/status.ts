import { objectAt } from '../../json';
import type { KubeAnswer } from '../kube-request';
import { showObject } from '../representation';
import { answerTo, notAllowed, writeContext } from '../stored-api';
import { changeObject } from '../writes/change-object';
import { patchStored } from '../writes/patch-stored';
import { objectIn } from '../writes/requested';
import type { SubresourceRequest } from './subresource-request';

/** Reads an object, or changes nothing of it but its status. */
export function onStatus(asked: SubresourceRequest): KubeAnswer {
  const { request, object: before, name, shown } = asked;
  const context = writeContext(asked, 'status');
  if (request.method === 'GET') return { status: 200, body: showObject(before, shown) };
  if (request.method === 'PATCH') {
    return answerTo(patchStored(request, context, { before, name }), shown);
  }
  if (request.method !== 'PUT') return notAllowed();
  const read = objectIn(request);
  if ('refused' in read) return read.refused;
  const after = {
    ...before,
    ...read.object,
    metadata: { ...before.metadata, ...objectAt(read.object, 'metadata') },
  };
  return answerTo(changeObject(context, { before, after }), shown);
}
