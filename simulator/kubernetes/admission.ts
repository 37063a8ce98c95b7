import type { Cluster } from '../providers/container-service/cluster';
import type { World } from '../world';
import type { KubeAnswer } from './kube-request';
import type { KubeObject } from './resource-table';
import { workloadIdentityWebhook } from './webhooks/workload-identity';

export interface AdmissionContext {
  readonly cluster: Cluster;
  readonly world: World;
  readonly namespace: string;
  /** Nothing will be kept, so nothing else may be changed either. */
  readonly dryRun: boolean;
}

/** What an admission makes of a pod that is about to be born; a refusal is an answer made with `failure`. */
export type Admitted = { readonly pod: KubeObject } | { readonly refused: KubeAnswer };

/**
 * Changes or refuses a pod on its creation, whoever creates it, a controller included. It stands where a mutating
 * webhook stands in a real cluster, and decides by itself whether it is installed there.
 */
export type PodAdmission = (pod: KubeObject, context: AdmissionContext) => Admitted;

/** All pod admissions, in their order. */
export const podAdmissions: readonly PodAdmission[] = [workloadIdentityWebhook];

/** The pod after all admissions, or the first refusal. */
export function admitPod(pod: KubeObject, context: AdmissionContext): Admitted {
  return podAdmissions.reduce<Admitted>(
    (before, admit) => ('refused' in before ? before : admit(before.pod, context)),
    { pod },
  );
}
