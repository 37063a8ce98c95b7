import type { World } from '../../world';
import { ApiServer } from '../api-server';
import type { KubeAnswer } from '../kube-request';
import { failure } from '../status';
import type { CommandPod } from './command-pod';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Of the body; JSON when absent. */
  readonly type?: string;
}

/** One request of a program in the pod to the cluster's API server. */
export function ask({ cluster, world, user }: CommandPod, asked: Asked): KubeAnswer {
  if (user === undefined) return failure(401, 'Unauthorized');
  const [path = '/', search = ''] = asked.path.split('?');
  return serverOf(cluster, world).handle({
    method: asked.method,
    path,
    query: new URLSearchParams(search),
    headers: {
      'content-type': asked.type ?? 'application/json',
      'user-agent': 'kubectl/v1.33.2 (linux/amd64)',
    },
    body: asked.body,
    user,
  });
}

const servers = new WeakMap<World, Map<string, ApiServer>>();

/** One for all commands of a cluster: the pages of a list come from what the server remembers. */
function serverOf(cluster: string, world: World): ApiServer {
  const known = servers.get(world) ?? new Map<string, ApiServer>();
  servers.set(world, known);
  const server = known.get(cluster) ?? new ApiServer(cluster, world);
  known.set(cluster, server);
  return server;
}
