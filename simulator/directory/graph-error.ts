import { at, isObject, textAt } from '../json';
import type { ArmResponse } from '../provider';

/** An error as Microsoft Graph names it; `withInnerError` completes its envelope. */
export function graphError(status: number, code: string, message: string): ArmResponse {
  return { status, body: { error: { code, message } } };
}

/** What a request that cannot be read is told. */
export function badRequest(message: string): ArmResponse {
  return graphError(400, 'BadRequest', message);
}

/** An object that is not there, be it that it never was or that it is gone. */
export function objectNotFound(name: string): ArmResponse {
  return graphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

export function requestDenied(): ArmResponse {
  return graphError(
    403,
    'Authorization_RequestDenied',
    'Insufficient privileges to complete the operation.',
  );
}

export interface RequestIds {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** The answer in Graph's envelope: an error says when it happened and in which request, whoever made it. */
export function withInnerError(answer: ArmResponse, ids: RequestIds): ArmResponse {
  const error = at(answer.body, 'error');
  if (answer.status < 400 || !isObject(error)) return answer;
  const innerError = {
    date: new Date(ids.time).toISOString().slice(0, 19),
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
  };
  const { code, message } = { code: textAt(error, 'code'), message: textAt(error, 'message') };
  return { ...answer, body: { error: { code, message, innerError } } };
}
