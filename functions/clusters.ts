import type { HttpRequest } from '@azure/functions';

import { clusterKey, toClusterId } from '../domain/ids';
import type { ClusterRecord } from '../domain/records';
import { pageBody, pageOf } from './http';
import type { Reply } from './http';
import { Problem } from './problem';
import type { Services } from './services';

/** `GET /api/v1/clusters`: what is known of the fleet; `?armId=` looks one cluster up. */
export async function listClusters(request: HttpRequest, { records }: Services): Promise<Reply> {
  const armId = request.query.get('armId');
  if (armId === null) {
    const { items, next } = await records.list('cluster', pageOf(request));
    return { jsonBody: pageBody(items.map(view), next) };
  }
  const id = toClusterId(armId);
  if (!id) throw new Problem('validation-failed', 'armId must be the ARM id of a managed cluster.');
  const found = await records.get('cluster', clusterKey(id));
  return { jsonBody: pageBody(found ? [view(found.value)] : [], undefined) };
}

/** `GET /api/v1/clusters/{id}` */
export async function getCluster(request: HttpRequest, { records }: Services): Promise<Reply> {
  const id = request.params['id'] ?? '';
  const found = await records.get('cluster', id);
  if (!found) throw new Problem('not-found', `Steward knows no cluster ${id}.`);
  return { jsonBody: view(found.value) };
}

function view({ clusterId: _canonical, resourceUid: _uid, ...cluster }: ClusterRecord): object {
  return cluster;
}
