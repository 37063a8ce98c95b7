import { setTimeout } from 'node:timers/promises';

import type { TokenCredential } from '@azure/core-auth';

import * as z from 'zod';

import { clusterIdParts } from '../../domain/ids';
import type { ClusterId } from '../../domain/ids';
import { FailureError } from '../../domain/outcome';
import { aksApiVersion } from '../aks-api-version';
import { callArm } from '../arm-errors';
import type { RawArm } from '../raw-arm';
import { readOnlyTransport } from '../read-only';
import { UnprovenServer, Unreachable, directTransport } from './direct';

import { kubeApi } from './kube-api';
import type { KubeApi } from './kube-api';
import { readKubeconfig } from './kubeconfig';
import { runCommandTransport } from './run-command';
import type { KubeAnswer, KubeRequest, KubeTransport } from './transport';

export interface KubernetesOptions {
  readonly credential: TokenCredential;
  readonly arm: (subscriptionId: string) => Promise<RawArm>;
  /** How private clusters are reached; `direct` when absent. */
  readonly privateClusters?: PrivateClusters | undefined;
  readonly readOnly?: boolean;
  /** Lets time pass; a test has no time. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** `direct`: Steward runs in a network from which they are reached. */
export type PrivateClusters = 'direct' | 'runCommand';

/** The API servers of clusters by the clusters' ids. Nothing is asked of a cluster before its API is used. */
export type Kubernetes = (clusterId: ClusterId) => Promise<KubeApi>;

const forgottenAfterMs = 600_000;

interface Connection extends KubeTransport {
  close(): void;
}

interface Connected {
  readonly transport: Promise<Connection>;
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
    return kubeApi(
      options.readOnly ? readOnlyTransport(transport, clusterId) : transport,
      clusterId,
    );
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
  readonly #open: (clusterId: ClusterId) => Promise<Connection>;
  readonly #connected = new Map<ClusterId, Connected>();

  constructor(open: (clusterId: ClusterId) => Promise<Connection>) {
    this.#open = open;
  }

  has(clusterId: ClusterId): boolean {
    return this.#connected.has(clusterId);
  }

  of(clusterId: ClusterId): Promise<Connection> {
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
  async forget(clusterId: ClusterId, transport: Connection): Promise<void> {
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

async function connect(options: KubernetesOptions, target: ClusterId): Promise<Connection> {
  const { credential, privateClusters, pause = setTimeout } = options;
  const arm = await options.arm(clusterIdParts(target).subscriptionId);
  const cluster = privateClusters === 'runCommand' ? await lookAt(arm, target) : undefined;
  if (cluster?.apiServerAccessProfile?.enablePrivateCluster !== true) {
    return connectDirectly(arm, { credential, target });
  }
  const transport = runCommandTransport({
    arm,
    target,
    pause,
    ...(cluster.aadProfile && { credential }),
  });
  return { ...transport, close: () => undefined };
}

const Cluster = z.object({
  properties: z.object({
    aadProfile: z.object({}).nullish(),
    apiServerAccessProfile: z.object({ enablePrivateCluster: z.boolean().nullish() }).nullish(),
  }),
});

async function lookAt(arm: RawArm, target: string) {
  const { body } = await callArm(target, () =>
    arm({ method: 'GET', path: target, apiVersion: aksApiVersion }),
  );
  return Cluster.parse(body).properties;
}

async function connectDirectly(
  arm: RawArm,
  { credential, target }: { readonly credential: TokenCredential; readonly target: ClusterId },
): Promise<Connection> {
  const { body } = await callArm(target, () =>
    arm({
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
