import type { Json, JsonObject } from '../json';
import type { KubeAnswer } from './kube-request';

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  500: 'InternalError',
};

/** The one shape of all errors of an API server. */
export function failure(code: number, message: string, details?: JsonObject): KubeAnswer {
  return { status: code, body: status(code, message, details) };
}

export function status(code: number, message: string, details?: JsonObject): Json {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason: reasons[code] ?? 'Unknown',
    ...(details && { details }),
    code,
  };
}

/** An error about one object, in the words that differ from resource to resource. */
export function objectFailure(
  code: number,
  message: string,
  { reason, details }: { readonly reason?: string; readonly details: JsonObject },
): KubeAnswer {
  const body = status(code, message, details);
  return {
    status: code,
    body: { ...(body as JsonObject), ...(reason !== undefined && { reason }) },
  };
}

export function noSuchPath(): KubeAnswer {
  return failure(404, 'the server could not find the requested resource', {});
}
