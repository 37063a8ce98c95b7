import { AsyncLocalStorage } from 'node:async_hooks';

import type { PipelinePolicy } from '@azure/core-rest-pipeline';

import { armGuid } from '../domain/arm/guid';

const current = new AsyncLocalStorage<string>();

/** Runs work whose ARM calls all carry an id derived from the run's instance id. */
export function correlated<T>(instanceId: string, work: () => Promise<T>): Promise<T> {
  return current.run(armGuid('steward', instanceId), work);
}

/** Puts the run's id on every request, where the ARM activity log shows it. */
export const correlationPolicy: PipelinePolicy = {
  name: 'stewardCorrelationPolicy',
  sendRequest: (request, next) => {
    const id = current.getStore();
    if (id !== undefined) request.headers.set('x-ms-correlation-request-id', id);
    return next(request);
  },
};
