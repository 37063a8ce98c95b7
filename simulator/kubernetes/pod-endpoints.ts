import type { Cluster } from '../providers/container-service/cluster';
import { textAt } from '../json';
import type { World } from '../world';
import type { KubeObject } from './resource-table';
import { nmiMetrics } from './tokens/pod-lines';

/** A request to a port of a pod, as it comes through the API server's proxy. */
export interface PodRequest {
  readonly method: string;
  /** Name or number after the colon of the pod's name; absent where none was given. */
  readonly port: string | undefined;
  /** Begins with a slash. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface PodAnswer {
  readonly status: number;
  readonly text: string;
  /** Plain text, unless given. */
  readonly contentType?: string;
}

export interface PodContext {
  readonly cluster: Cluster;
  readonly world: World;
  readonly pod: KubeObject;
}

/** What listens in pods; undefined for a pod or a port that is none of its own. */
export type PodEndpoint = (request: PodRequest, context: PodContext) => PodAnswer | undefined;

/** All pod endpoints; the first that answers is heard. */
export const podEndpoints: readonly PodEndpoint[] = [nmiMetrics];

export function askPod(request: PodRequest, context: PodContext): PodAnswer | undefined {
  const { ports } = context.world.behaviour.kubernetes.unreachable;
  if (ports.includes(textAt(context.pod.metadata, 'namespace') ?? '')) return undefined;
  for (const endpoint of podEndpoints) {
    const answer = endpoint(request, context);
    if (answer) return answer;
  }
  return undefined;
}
