import type { PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';

import { FailureError, TransientError } from '../../domain/outcome';
import { isRestError, oneLine } from '../arm-errors';

const tries = new WeakMap<PipelineRequest, number>();

/** Counts how often a request was sent, and lets none of them hang. */
export function tryPolicy(longestTryMs: number): PipelinePolicy {
  return {
    name: 'stewardTablesTryPolicy',
    sendRequest: (request, next) => {
      tries.set(request, (tries.get(request) ?? 0) + 1);
      request.timeout = longestTryMs;
      return next(request);
    },
  };
}

/** Whether a refusal may be about what an earlier try of the same request has written itself. */
export function wasRepeated(error: unknown): boolean {
  return isRestError(error) && error.request !== undefined && (tries.get(error.request) ?? 0) > 1;
}

/** The service's code of a refusal; empty for anything else. */
export function tableCode(error: unknown): string {
  if (!isRestError(error)) return '';
  const { odataError } = (error.details ?? {}) as {
    readonly odataError?: { readonly code?: string };
  };
  return odataError?.code ?? error.code ?? '';
}

/** What has to be thrown for what Table storage or the way to it has thrown. */
export function sortedTableError(error: unknown): unknown {
  if (error instanceof Error && error.name === 'AbortError') {
    return new TransientError('Table storage did not answer in time');
  }
  if (!isRestError(error)) return error;
  const status = error.statusCode ?? 0;
  const message = oneLine(error.message);
  if (status === 401 || status === 403) return forbidden(message);
  const passes = status < 400 || status >= 500 || passing.includes(status);
  return passes
    ? new TransientError(`Table storage: ${status} ${tableCode(error)}: ${message}`)
    : error;
}

// 404 and 409 are of a table here, not of a row: it is being made, or still being deleted.
const passing = [404, 408, 409, 429];

function forbidden(message: string): FailureError {
  return new FailureError({
    code: 'Forbidden',
    message: `Table storage refuses Steward's host identity: ${message}`,
    next: 'Grant it the role Storage Table Data Contributor on the storage account, and let the app reach it.',
  });
}
