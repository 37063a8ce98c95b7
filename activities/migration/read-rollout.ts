import { clusterKey } from '../../domain/ids';
import type { WorkloadMigration } from '../../domain/migration/document';
import { refText } from '../../domain/migration/ledger';
import { podsPath, workloadPath } from '../../domain/migration/paths';
import { rolloutOf } from '../../domain/migration/pods';
import type { Rollout } from '../../domain/migration/rollout';
import { selectorText } from '../../domain/migration/selector';
import { defineActivity } from '../activity';
import { insideNeeds } from './inside-needs';
import type { MigrationPlace } from './ledger';
import { gone } from './rehearse-workload';
import { eventsSince } from './workload-events';

/** How far the pods of a workload have followed its template. */
export const readRollout = defineActivity(
  insideNeeds,
  async (
    { migrationId, clusterId, workload }: MigrationPlace & { readonly workload: WorkloadMigration },
    { clients },
  ): Promise<Rollout> => {
    const kube = await clients.kubernetes(clusterId);
    const object = await kube.get(workloadPath(workload));
    if (!object) throw gone(workload, clusterId);
    const { namespace, name } = workload;
    const selector = encodeURIComponent(selectorText(object));
    const pods = (await kube.list(`${podsPath(namespace)}?labelSelector=${selector}`)) ?? [];
    const id = `${migrationId}~${clusterKey(clusterId)}~${refText(workload)}`;
    const since = (await clients.records.get('migrationWorkload', id))?.value.rolledAt ?? '';
    const events = await eventsSince(kube, { namespace, name }, since);
    return rolloutOf({ object, pods, events }, workload);
  },
);
