import { clusterKey } from '../../domain/ids';
import type { WorkloadMigration } from '../../domain/migration/document';
import { objectAt, textIn } from '../../domain/migration/json';
import { refText } from '../../domain/migration/ledger';
import { podsPath, workloadPath } from '../../domain/migration/paths';
import { rolloutOf } from '../../domain/migration/pods';
import type { Rollout } from '../../domain/migration/rollout';
import { selectorText } from '../../domain/migration/selector';
import type { Json } from '../../domain/migration/snapshot';
import { defineActivity } from '../activity';
import type { MigrationPlace } from './ledger';
import { gone } from './rehearse-workload';

/** How far the pods of a workload have followed its template. */
export const readRollout = defineActivity(
  [],
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
    const events = (await kube.list(`/api/v1/namespaces/${namespace}/events`)) ?? [];
    const id = `${migrationId}~${clusterKey(clusterId)}~${refText(workload)}`;
    const since = (await clients.records.get('migrationWorkload', id))?.value.rolledAt ?? '';
    const own = events.filter((event) => isAbout(event, name) && timeOf(event) >= since);
    return rolloutOf({ object, pods, events: own }, workload);
  },
);

/** Events are about the object, or about what it has made, whose names begin with its own. */
function isAbout(event: Json, name: string): boolean {
  const about = textIn(objectAt(event, 'involvedObject')['name']);
  return about === name || about.startsWith(`${name}-`);
}

function timeOf(event: Json): string {
  const times = [event['lastTimestamp'], event['eventTime'], event['firstTimestamp']];
  const text = textIn(times.find((one) => typeof one === 'string'));
  return text === '' ? '' : new Date(text).toISOString();
}
