import type { TokenCredential } from '@azure/core-auth';

import { clusterIdParts } from '../../domain/ids';
import type { ClusterId } from '../../domain/ids';
import { FailureError } from '../../domain/outcome';
import { aksApiVersion } from '../aks-api-version';
import { callArm } from '../arm-errors';
import type { RawArm } from '../raw-arm';
import { UnprovenServer, Unreachable, directTransport } from './direct';
import type { DirectTransport } from './direct';
import { kubeApi } from './kube-api';
import type { KubeApi } from './kube-api';
import { readKubeconfig } from './kubeconfig';
import type { KubeAnswer, KubeRequest, KubeTransport } from './transport';

export interface KubernetesOptions {
  readonly credential: TokenCredential;
  readonly arm: (subscriptionId: string) => Promise<RawArm>;
}

/** The API servers of clusters by the clusters' ids. Nothing is asked of a cluster before its API is used. */
export type Kubernetes = (clusterId: ClusterId) => Promise<KubeApi>;

const forgottenAfterMs = 600_000;

interface Connected {
  readonly transport: Promise<DirectTransport>;
  usedAt: number;
}

/**
 * Connects to API servers as the kubeconfig of a cluster user says, and keeps what it says while it is used: when a
 * cluster does not know Steward any more, shows another certificate or is gone from its address, the kubeconfig is read
 * anew and the request repeated once. None of these requests was carried out before.
 */
export function connectKubernetes(options: KubernetesOptions): Kubernetes {
  const connections = new Connections((id) => connect(options, id));
  return async (clusterId) => {
    const { access } = await connections.of(clusterId);
    const transport: KubeTransport = {
      access,
      send: (request) => sendTwice(connections, clusterId, request),
    };
    return kubeApi(transport, clusterId);
  };
}

async function sendTwice(
  connections: Connections,
  clusterId: ClusterId,
  request: KubeRequest,
): Promise<KubeAnswer> {
  const known = connections.has(clusterId);
  const first = await connections.of(clusterId);
  try {
    const answer = await first.send(request);
    if (answer.status !== 401 || !known) return answer;
  } catch (error) {
    const isMoved = error instanceof UnprovenServer || error instanceof Unreachable;
    if (!isMoved || !known) throw error;
  }
  await connections.forget(clusterId, first);
  return (await connections.of(clusterId)).send(request);
}

class Connections {
  readonly #open: (clusterId: ClusterId) => Promise<DirectTransport>;
  readonly #connected = new Map<ClusterId, Connected>();

  constructor(open: (clusterId: ClusterId) => Promise<DirectTransport>) {
    this.#open = open;
  }

  has(clusterId: ClusterId): boolean {
    return this.#connected.has(clusterId);
  }

  of(clusterId: ClusterId): Promise<DirectTransport> {
    this.#forgetUnused();
    const known = this.#connected.get(clusterId);
    if (known) {
      known.usedAt = Date.now();
      return known.transport;
    }
    const transport = this.#open(clusterId);
    this.#connected.set(clusterId, { transport, usedAt: Date.now() });
    transport.catch(() => this.#connected.delete(clusterId)); // whoever asked hears of it
    return transport;
  }

  /** Unless somebody has connected anew meanwhile. */
  async forget(clusterId: ClusterId, transport: DirectTransport): Promise<void> {
    const known = this.#connected.get(clusterId);
    if (known && (await known.transport) === transport) this.#connected.delete(clusterId);
  }

  #forgetUnused(): void {
    const now = Date.now();
    for (const [id, { transport, usedAt }] of this.#connected) {
      if (now - usedAt < forgottenAfterMs) continue;
      this.#connected.delete(id);
      void transport.then((one) => {
        one.close();
      });
    }
  }
}

async function connect(
  { credential, arm }: KubernetesOptions,
  target: ClusterId,
): Promise<DirectTransport> {
  const send = await arm(clusterIdParts(target).subscriptionId);
  const { body } = await callArm(target, () =>
    send({
      method: 'POST',
      path: `${target}/listClusterUserCredential?format=exec`,
      apiVersion: aksApiVersion,
    }),
  );
  const { kubeconfigs } = (body ?? {}) as { kubeconfigs?: readonly { value?: unknown }[] };
  const value = kubeconfigs?.[0]?.value;
  if (typeof value !== 'string') throw noKubeconfig(target);
  const kubeconfig = await readKubeconfig(Buffer.from(value, 'base64').toString());
  return directTransport({ kubeconfig, credential, target });
}

function noKubeconfig(target: string): FailureError {
  return new FailureError({
    code: 'Unsupported',
    message: 'Azure gives no kubeconfig for users of this cluster.',
    next: 'Check whether the cluster takes logins: it needs Entra integration, or local accounts.',
    target,
  });
}
