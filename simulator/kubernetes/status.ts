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

export function noSuchPath(): KubeAnswer {
  return failure(404, 'the server could not find the requested resource', {});
}
