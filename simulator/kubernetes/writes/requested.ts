import { isObject, objectAt } from '../../json';
import type { JsonObject } from '../../json';
import type { KubeAnswer, KubeRequest } from '../kube-request';
import { parseBody } from '../parse-body';
import type { KubeObject } from '../resource-table';
import { failure } from '../status';
import type { FieldManager } from './write-context';

/** The object in a request's body, or the answer that there is none. */
export function objectIn({
  body,
  headers,
}: KubeRequest): { readonly object: KubeObject } | { readonly refused: KubeAnswer } {
  const type = (headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
  if (!['application/json', 'application/yaml', '*/*', ''].includes(type)) {
    return {
      refused: failure(
        415,
        'the body of the request was in an unknown format - accepted media types include: application/json',
      ),
    };
  }
  const parsed = parseBody(body);
  if (isObject(parsed)) return { object: { ...parsed, metadata: objectAt(parsed, 'metadata') } };
  return { refused: failure(400, 'the object provided is unrecognized: it is no JSON object') };
}

/** Options of a DELETE: those of the body, and those of the query. */
export function deleteOptionsIn({ body, query }: KubeRequest): JsonObject {
  const parsed = parseBody(body);
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  return {
    ...(isObject(parsed) && parsed),
    ...(grace !== null && { gracePeriodSeconds: Number(grace) }),
    ...(policy !== null && { propagationPolicy: policy }),
  };
}

/** Whether a request asks for nothing to be kept; DELETE also says so in its body. */
export function isDryRun({ query, method, body }: KubeRequest): boolean {
  if (query.getAll('dryRun').includes('All')) return true;
  const listed = method === 'DELETE' ? objectAt(parseBody(body) ?? {})['dryRun'] : undefined;
  return Array.isArray(listed) && listed.includes('All');
}

/** Who writes: the manager that is named, else the first word of the user agent. */
export function managerOf({ query, headers }: KubeRequest, subresource: string): FieldManager {
  const agent = (headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';
  const applies = (headers['content-type'] ?? '').includes('apply-patch');
  return {
    name: query.get('fieldManager') ?? agent,
    operation: applies ? 'Apply' : 'Update',
    subresource,
    force: query.get('force') === 'true',
  };
}
