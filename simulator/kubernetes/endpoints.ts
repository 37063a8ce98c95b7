import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';

import { at, objectsAt, textAt } from '../json';
import type { Cluster } from '../providers/container-service/cluster';
import type { RawAnswer, RawRequest } from '../wire';
import { serverOf } from './kubeconfig';
import { kubeServer } from './kube-server';
import type { KubeServerParts } from './kube-server';

const credentialRequest =
  /^(\/subscriptions\/.+\/managedClusters\/[^/?]+)\/listCluster\w+Credential(?:\?|$)/i;

/**
 * The API servers of all clusters, on loopback only. One begins to listen when somebody asks for its kubeconfig, which
 * then names that address instead of the one on azmk8s.io. There is a limit to how many listen: the one that was asked
 * for longest ago gives way.
 */
export class KubernetesEndpoints {
  private readonly parts: KubeServerParts;
  /** By lower-cased id of the cluster; the one asked for last stands last. */
  private readonly open = new Map<string, Promise<Server>>();
  /** A cluster gets its port back as long as it is free. */
  private readonly ports = new Map<string, number>();

  constructor(parts: KubeServerParts) {
    this.parts = parts;
  }

  /** The answer to a request to ARM; in the kubeconfigs of a reachable cluster with an address that can be reached. */
  reachable(request: RawRequest, answer: RawAnswer): RawAnswer | Promise<RawAnswer> {
    if (request.method !== 'POST' || answer.status !== 200) return answer;
    const [, id] = credentialRequest.exec(request.url) ?? [];
    const cluster = this.parts.world.resources.get(id ?? '');
    if (cluster === undefined || this.isHidden(cluster)) return answer;
    return this.withAddress(cluster, answer);
  }

  private async withAddress(cluster: Cluster, answer: RawAnswer): Promise<RawAnswer> {
    const server = `https://127.0.0.1:${await this.portOf(cluster)}`;
    const kubeconfigs = objectsAt(answer.body, 'kubeconfigs').map((one) => {
      const text = Buffer.from(textAt(one, 'value') ?? '', 'base64').toString();
      const changed = text.replace(serverOf(cluster), server);
      return { ...one, value: Buffer.from(changed).toString('base64') };
    });
    return { ...answer, body: { kubeconfigs } };
  }

  async close(): Promise<void> {
    const ids = [...this.open.keys()];
    await Promise.all(ids.map((id) => this.shut(id)));
  }

  private isHidden(cluster: Cluster): boolean {
    const access = at(cluster, 'properties', 'apiServerAccessProfile', 'enablePrivateCluster');
    const { privateClusters } = this.parts.world.behaviour.kubernetes;
    return access === true && privateClusters === 'unreachable';
  }

  private async portOf(cluster: Cluster): Promise<number> {
    const id = cluster.id.toLowerCase();
    const server =
      this.open.get(id) ?? listening(kubeServer(cluster, this.parts), this.ports.get(id));
    this.open.delete(id);
    this.open.set(id, server);
    const [oldest] = this.open.keys();
    const { openEndpoints } = this.parts.world.behaviour.kubernetes;
    if (this.open.size > openEndpoints && oldest !== undefined) await this.shut(oldest);
    const { port } = (await server).address() as AddressInfo;
    this.ports.set(id, port);
    return port;
  }

  private async shut(id: string): Promise<void> {
    const server = await this.open.get(id);
    this.open.delete(id);
    server?.closeAllConnections();
    await new Promise<void>((resolve) => {
      server?.close(() => {
        resolve();
      });
      if (server === undefined) resolve();
    });
  }
}

/** Listens on a port that was used before, or on any when that one is taken. */
function listening(server: Server, port = 0): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (port === 0 || error.code !== 'EADDRINUSE') reject(error);
      else resolve(listening(server));
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}
