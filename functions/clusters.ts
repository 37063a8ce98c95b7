import type { HttpRequest } from '@azure/functions';

import { identityReport } from '../domain/identities/report';
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

/**
 * `GET /api/v1/clusters/{id}/identities`: who the cluster is, what each identity needs and has; with
 * `?format=markdown` as a document for people.
 */
export async function getIdentities(request: HttpRequest, { records }: Services): Promise<Reply> {
  const id = request.params['id'] ?? '';
  const found = await records.get('identities', id);
  if (!found) throw new Problem('not-found', `Steward knows no identities of a cluster ${id}.`);
  const { armId, evaluatedAt, identities } = found.value;
  const format = request.query.get('format') ?? 'json';
  switch (format) {
    case 'json':
      return { jsonBody: { id, armId, evaluatedAt, items: identities } };
    case 'markdown':
      return {
        headers: { 'content-type': 'text/markdown; charset=utf-8' },
        body: identityReport(armId, identities, evaluatedAt),
      };
    default:
      throw new Problem('validation-failed', `format is '${format}'; it must be json or markdown.`);
  }
}

function view({ clusterId: _canonical, resourceUid: _uid, ...cluster }: ClusterRecord): object {
  return cluster;
}
