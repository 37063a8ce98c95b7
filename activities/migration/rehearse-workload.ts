import { KubeRefusal } from '../../clients/kubernetes/kube-errors';
import type { KubeApi } from '../../clients/kubernetes/kube-api';
import type { ClusterId } from '../../domain/ids';
import type { WorkloadMigration } from '../../domain/migration/document';
import { faultsOfPod, injectedProxyInit, rehearsalPod } from '../../domain/migration/future-pod';
import { podsPath, workloadPath } from '../../domain/migration/paths';
import type { Json } from '../../domain/migration/snapshot';
import { patchTemplate, templateOf } from '../../domain/migration/template';
import { FailureError } from '../../domain/outcome';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';

export interface RehearsalInput {
  readonly clusterId: ClusterId;
  readonly workload: WorkloadMigration;
}

export interface Rehearsal {
  /** False where a webhook of the cluster takes no dry runs: then nothing is known. */
  readonly rehearsed: boolean;
  /** The init container that is to be pinned first, where the plan wants that. */
  readonly proxyInit: Json | null;
}

/**
 * Lets the API server make the pod that the patched template would make, with all its webhooks and policies, and forget it.
 *
 * @throws FailureError when it would be refused, or would be born without what it needs to get tokens.
 */
export const rehearseWorkload = defineActivity(
  insideNeeds,
  async ({ clusterId, workload }: RehearsalInput, { clients }): Promise<Rehearsal> => {
    const kube = await clients.kubernetes(clusterId);
    const object = await kube.get(workloadPath(workload));
    if (!object) throw gone(workload, clusterId);
    const { templatePatch } = workload;
    if (!templatePatch) return { rehearsed: false, proxyInit: null };
    const template = templateOf(object);
    const born = await dryRun(kube, workload, patchTemplate(template, templatePatch));
    if (!born) return { rehearsed: false, proxyInit: null };
    requireSound(born, { clusterId, workload });
    if (templatePatch.pinProxyInit !== true) return { rehearsed: true, proxyInit: null };
    const proxyInit = injectedProxyInit(born) ?? null;
    const pinned = patchTemplate(template, templatePatch, proxyInit ?? undefined);
    const again = await dryRun(kube, workload, pinned);
    if (again) requireSound(again, { clusterId, workload });
    return { rehearsed: true, proxyInit };
  },
);

async function dryRun(
  kube: KubeApi,
  { namespace }: WorkloadMigration,
  template: Json,
): Promise<Json | undefined> {
  try {
    return await kube.create(podsPath(namespace), rehearsalPod(namespace, template), {
      dryRun: true,
    });
  } catch (error) {
    if (error instanceof KubeRefusal && error.reason === 'DryRunUnsupported') return undefined;
    throw error;
  }
}

function requireSound(born: Json, { clusterId, workload }: RehearsalInput): void {
  const [fault] = faultsOfPod(born, workload);
  if (fault === undefined) return;
  throw new FailureError({
    code: 'NotVerified',
    message: `Rehearsed, a pod of ${workload.namespace}/${workload.name} would not get tokens: ${fault}`,
    next: 'Look at the Workload ID webhook of the cluster and at its other webhooks, then plan again.',
    target: clusterId,
  });
}

export function gone({ kind, namespace, name }: WorkloadMigration, target: string): FailureError {
  return new FailureError({
    code: 'NotFound',
    message: `${kind} ${namespace}/${name} does not exist any more.`,
    next: 'Plan the migration again; the new plan is made from the workloads there are.',
    target,
  });
}
