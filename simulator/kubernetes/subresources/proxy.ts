import type { KubeAnswer } from '../kube-request';
import { askPod } from '../pod-endpoints';
import { objectFailure } from '../status';
import type { SubresourceRequest } from './subresource-request';

/** Hands a request to a port of a pod. A pod in which nothing answers there refuses the connection. */
export function proxied(asked: SubresourceRequest): KubeAnswer {
  const { request, object, name, rest, cluster, world } = asked;
  const port = name.split(':').find((part) => /^\d+$/.test(part)) ?? lastOf(name);
  const answer = askPod(
    { method: request.method, port, path: `/${rest.join('/')}`, query: request.query },
    { cluster, world, pod: object },
  );
  if (answer) {
    const { status, text, contentType = 'text/plain; charset=utf-8' } = answer;
    return { status, text, contentType };
  }
  return objectFailure(
    503,
    `error trying to reach service: dial tcp ${port === undefined ? '' : `:${port}`}: connect: connection refused`,
    { reason: 'ServiceUnavailable', details: {} },
  );
}

/** The name of a port after the last colon. */
function lastOf(name: string): string | undefined {
  const parts = name.split(':');
  return parts.length > 1 ? parts.at(-1) : undefined;
}
