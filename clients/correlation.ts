import { AsyncLocalStorage } from 'node:async_hooks';

import type { PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';

import { countCall } from '../telemetry/meters';
import { inSpan } from '../telemetry/spans';
import { operationIn } from './operation-names';

const current = new AsyncLocalStorage<string>();

/** Runs work whose requests all carry the id of the run. */
export function correlated<T>(correlationId: string, work: () => Promise<T>): Promise<T> {
  return current.run(correlationId, work);
}

/** Puts the run's id on every request, where the ARM activity log shows it, and notes the request as a span. */
export const correlationPolicy: PipelinePolicy = {
  name: 'stewardCorrelationPolicy',
  sendRequest: (request, next) => {
    const id = current.getStore();
    if (id !== undefined) request.headers.set('x-ms-correlation-request-id', id);
    const { service, operation } = operationIn(request.url);
    const span = { name: `${request.method} ${operation}`, attributes: attributesOf(request) };
    return inSpan({ ...span, kind: 'client' }, async ({ note, failed }) => {
      let status = 0;
      try {
        const response = await next(request);
        status = response.status;
        note({
          'http.response.status_code': status,
          'az.request_id': response.headers.get('x-ms-request-id'),
          'az.correlation_id': response.headers.get('x-ms-correlation-request-id') ?? id,
        });
        // Whoever asked may have expected it: what it means for the step, the step's span says.
        if (status >= 400) failed({ code: String(status), message: `Answered with ${status}.` });
        return response;
      } finally {
        countCall({ service, status });
      }
    });
  },
};

function attributesOf({ method, url }: PipelineRequest) {
  const { hostname } = new URL(url);
  return { 'http.request.method': method, 'server.address': hostname, 'url.full': url };
}
