import type { HttpResponseInit } from '@azure/functions';

/** Codes of problems, each with its status: clients branch on them, so they never change. */
export const problemStatus = {
  'invalid-json': 400,
  'validation-failed': 400,
  'unknown-field': 400,
  'invalid-cursor': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'run-active': 409,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'idempotency-key-reused': 422,
  'azure-unavailable': 503,
  'switched-off': 503,
  internal: 500,
} as const;

export type ProblemCode = keyof typeof problemStatus;

export interface ProblemDetail {
  /** JSON pointer into the request. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** A request that cannot be served, on its way to the nearest {@link answer}. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly ProblemDetail[];

  constructor(code: ProblemCode, detail: string, errors: readonly ProblemDetail[] = []) {
    super(detail);
    this.code = code;
    this.errors = errors;
  }
}

const titles: Readonly<Record<ProblemCode, string>> = {
  'invalid-json': 'The body is not JSON',
  'validation-failed': 'The request is not valid',
  'unknown-field': 'The request has a field that nobody knows',
  'invalid-cursor': 'The cursor is not one of ours',
  unauthenticated: 'It is not known who is asking',
  forbidden: 'The caller may not do this',
  'not-found': 'There is no such thing',
  conflict: 'This cannot be done now',
  'run-active': 'Another run is changing the cluster',
  'payload-too-large': 'The body is too large',
  'unsupported-media-type': 'The body is not of a media type that is understood',
  'idempotency-key-reused': 'The idempotency key belongs to another request',
  'azure-unavailable': 'Azure did not answer',
  'switched-off': 'Steward is switched off',
  internal: 'Steward failed',
};

/** The answer to a request that cannot be served, in the form of RFC 9457. */
export function problemResponse(
  { code, message, errors }: Problem,
  request: { readonly path: string; readonly id: string },
): HttpResponseInit {
  return {
    status: problemStatus[code],
    headers: { ...commonHeaders, 'content-type': 'application/problem+json' },
    body: JSON.stringify({
      type: `https://steward.dev/problems/${code}`,
      title: titles[code],
      status: problemStatus[code],
      code,
      detail: message,
      instance: request.path,
      requestId: request.id,
      ...(errors.length > 0 && { errors }),
    }),
  };
}

export const commonHeaders = { 'cache-control': 'no-store' };
