import { at, withAt } from '../../json';
import type { KubeAnswer } from '../kube-request';
import { answerTo, notAllowed, writeContext } from '../stored-api';
import { changeObject } from '../writes/change-object';
import { objectIn } from '../writes/requested';
import type { SubresourceRequest } from './subresource-request';

/** Replaces the finalizers in the specification of a namespace; one that is deleted is gone without any. */
export function finalize(asked: SubresourceRequest): KubeAnswer {
  const { request, object: before, shown } = asked;
  if (request.method !== 'PUT') return notAllowed();
  const read = objectIn(request);
  if ('refused' in read) return read.refused;
  const wanted = at(read.object, 'spec', 'finalizers') ?? [];
  const after = withAt(before, ['spec', 'finalizers'], wanted);
  return answerTo(changeObject(writeContext(asked), { before, after }), shown);
}
