import type { PipelinePolicy } from '@azure/core-rest-pipeline';

import { FailureError } from '../domain/outcome';
import type { KubeTransport } from './kubernetes/transport';

/**
 * What asks and is sent by POST all the same. A command in a cluster is judged where it is known what it does: see
 * {@link readOnlyTransport}.
 */
const readingPosts =
  /\/(listClusterUserCredential|runCommand|providers\/Microsoft\.ResourceGraph\/resources)$/i;

/** Lets no request through that would change something in Azure. */
export const readOnlyPolicy: PipelinePolicy = {
  name: 'stewardReadOnlyPolicy',
  sendRequest: (request, next) => {
    const { pathname } = new URL(request.url);
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (!reads && !(request.method === 'POST' && readingPosts.test(pathname)))
      throw refused(pathname);
    return next(request);
  },
};

/** The same for an API server; not even a token is made. */
export function readOnlyTransport(transport: KubeTransport, target: string): KubeTransport {
  return {
    access: transport.access,
    send: (request) =>
      request.method === 'GET' ? transport.send(request) : Promise.reject(refused(target)),
  };
}

function refused(target: string): FailureError {
  return new FailureError({
    code: 'SwitchedOff',
    message:
      'Steward is switched off by STEWARD_ENABLED: it was about to change something, and did not.',
    next: 'Set STEWARD_ENABLED to true, then ask again: a new run begins with what it finds.',
    target,
  });
}
