import { objectsAt, textAt } from '../../json';
import type { KubeAnswer } from '../kube-request';
import { logOf } from '../objects/pod-logs';
import type { LogLine } from '../objects/pod-logs';
import { nameOf } from '../object-parts';
import type { KubeObject } from '../resource-table';
import { failure } from '../status';
import { notAllowed } from '../stored-api';
import type { SubresourceRequest } from './subresource-request';

/** What a container of a pod has written. */
export function podLog(asked: SubresourceRequest): KubeAnswer {
  const { request, object, name, cluster, namespace = '', world } = asked;
  if (request.method !== 'GET') return notAllowed();
  const container = containerFor(object, request.query.get('container') ?? '');
  if ('refused' in container) return container.refused;
  if (world.behaviour.kubernetes.unreachable.logs.includes(namespace)) {
    return failure(
      500,
      `Get "${kubelet(object)}/${namespace}/${name}/${container.name}": dial tcp: i/o timeout`,
    );
  }
  const lines = logOf({ cluster: cluster.id, namespace, name }, world).filter(
    (line) => line.container === undefined || line.container === container.name,
  );
  const text = chosen(lines, request.query, world.clock.now()).join('');
  const limit = Number(request.query.get('limitBytes') ?? Infinity);
  return {
    status: 200,
    text: text.slice(0, limit),
    contentType: 'text/plain',
  };
}

function kubelet(pod: KubeObject): string {
  return `https://${textAt(pod, 'status', 'hostIP') ?? ''}:10250/containerLogs`;
}

/** The lines that a request asks for, each with its line feed. */
function chosen(lines: readonly LogLine[], query: URLSearchParams, now: number): readonly string[] {
  const seconds = query.get('sinceSeconds');
  const sinceTime = query.get('sinceTime');
  const from = Math.max(
    seconds === null ? -Infinity : now - Number(seconds) * 1000,
    sinceTime === null ? -Infinity : Date.parse(sinceTime),
  );
  const recent = lines.filter(({ time }) => time >= from);
  const tail = query.get('tailLines');
  const last = tail === null ? recent : recent.slice(Math.max(0, recent.length - Number(tail)));
  const stamped = query.get('timestamps') === 'true';
  return last.map(
    ({ time, text }) => `${stamped ? `${new Date(time).toISOString()} ` : ''}${text}\n`,
  );
}

/** A pod of several containers has to be asked for one of them. */
function containerFor(
  pod: KubeObject,
  asked: string,
): { readonly name: string } | { readonly refused: KubeAnswer } {
  const namesOf = (list: string): readonly string[] =>
    objectsAt(pod, 'spec', list).map((one) => textAt(one, 'name') ?? '');
  const [app, init] = [namesOf('containers'), namesOf('initContainers')];
  if (asked !== '') {
    const known = [...app, ...init].includes(asked);
    const refused = failure(400, `container ${asked} is not valid for pod ${nameOf(pod)}`);
    return known ? { name: asked } : { refused };
  }
  const [only = ''] = app;
  if (app.length + init.length <= 1) return { name: only };
  const inits = init.length > 0 ? ` or one of the init containers: [${init.join(' ')}]` : '';
  const message = `a container name must be specified for pod ${nameOf(pod)}, choose one of: [${app.join(' ')}]${inits}`;
  return { refused: failure(400, message) };
}
