import { at, isObject, objectAt, textAt } from '../json';
import type { Json, JsonObject } from '../json';
import type { ArmResponse } from '../provider';
import { badRequest } from './graph-error';
import { unsupported } from './graph-path';
import type { GraphRequest } from './graph-request';

/** "Combine multiple HTTP requests using JSON batching". */
const most = 20;

/** A request of a batch and the id by which its answer is told apart. */
export interface Part {
  readonly id: string;
  readonly request: GraphRequest;
}

/** The requests of a batch, or the answer to one that is none: then not even the good parts are carried out. */
export function partsIn(batch: GraphRequest): readonly Part[] | ArmResponse {
  const listed = at(batch.body, 'requests');
  if (!Array.isArray(listed) || listed.length === 0) {
    return badRequest('Invalid batch payload format.');
  }
  if (listed.length > most) {
    return badRequest(`Number of batch request steps exceeds the maximum value of ${most}.`);
  }
  const given = listed as readonly Json[];
  const ids = given.map((one) => textAt(one, 'id') ?? '');
  const refused = given.map((one, index) => refusal(one, ids[index] ?? '')).find(Boolean);
  if (refused) return refused;
  return new Set(ids).size < ids.length
    ? badRequest('Request Id has to be unique in a batch.')
    : given.filter(isObject).map((one, index) => partOf(one, ids[index] ?? '', batch));
}

/** The answer to a batch, once each of its parts has one. */
export function batchAnswer(
  answers: readonly { readonly id: string; readonly answer: ArmResponse }[],
): ArmResponse {
  const responses = answers.map(({ id, answer: { status, headers = {}, body } }): Json => ({
    id,
    status,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(body !== undefined && { body }),
  }));
  return { status: 200, body: { responses } };
}

function refusal(one: Json, id: string): ArmResponse | undefined {
  const [method, url] = [methodOf(one), textAt(one, 'url')];
  if (id === '' || method === '' || url === undefined) {
    return badRequest('Invalid batch payload format. Each request needs id, method and url.');
  }
  if (at(one, 'dependsOn') !== undefined) {
    return unsupported('The simulated directory takes no dependsOn. Leave it out of reads.');
  }
  const isWrite = ['POST', 'PUT', 'PATCH'].includes(method);
  const declared = Object.keys(objectAt(one, 'headers')).some(
    (name) => name.toLowerCase() === 'content-type',
  );
  return isWrite && (!declared || at(one, 'body') === undefined)
    ? badRequest(`Write request id : ${id} does not contain Content-Type header or body.`)
    : undefined;
}

function methodOf(one: Json): string {
  return textAt(one, 'method')?.toUpperCase() ?? '';
}

function partOf(one: JsonObject, id: string, { headers, principal }: GraphRequest): Part {
  const [path = '', search = ''] = (textAt(one, 'url') ?? '').split('?');
  const own = textAt(objectAt(one, 'headers'), 'client-request-id');
  return {
    id,
    request: {
      method: methodOf(one),
      path,
      query: new URLSearchParams(search),
      body: at(one, 'body'),
      headers: { ...headers, 'client-request-id': own ?? headers['client-request-id'] },
      principal,
    },
  };
}
