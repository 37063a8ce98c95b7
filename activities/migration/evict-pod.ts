import type { WorkloadMigration } from '../../domain/migration/document';
import { objectAt, textIn } from '../../domain/migration/json';
import { podsPath } from '../../domain/migration/paths';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';
import type { MigrationPlace } from './ledger';

/**
 * Asks a pod to leave its node, as far as disruption budgets allow it now; whoever repeats it waits for them. A pod that is
 * gone, or another one of its name, is a success.
 */
export const evictPod = defineActivity(
  insideNeeds,
  async (
    {
      clusterId,
      workload,
      pod,
    }: MigrationPlace & { readonly workload: WorkloadMigration; readonly pod: string },
    { clients, log },
  ): Promise<{ readonly evicted: boolean }> => {
    const { namespace } = workload;
    const kube = await clients.kubernetes(clusterId);
    const path = `${podsPath(namespace)}/${pod}`;
    const live = await kube.get(path);
    if (!live) return { evicted: false };
    const uid = textIn(objectAt(live, 'metadata')['uid']);
    log.info('pod.evicting', { clusterId, namespace, pod });
    await kube.create(`${path}/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: pod, namespace },
      deleteOptions: { preconditions: { uid } },
    });
    return { evicted: true };
  },
);
