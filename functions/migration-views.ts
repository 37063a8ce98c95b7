import type { HttpRequest } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { approvalCodes } from '../domain/migration/approvals';
import type { ClusterMigration } from '../domain/migration/document';
import { armName, clusterKey } from '../domain/ids';
import { toKebabCase } from '../domain/outcome';
import type { Failure } from '../domain/outcome';
import type { Progress } from '../domain/progress';
import type {
  MigrationClusterRecord,
  MigrationRecord,
  MigrationWorkloadRecord,
  RecordTypes,
} from '../domain/records';
import { pageBody, pageOf } from './http';
import type { Reply } from './http';
import { findInstance } from './instances';
import { Problem } from './problem';
import type { MigrationPapers, Services } from './services';

/** `GET /api/v1/migrations`: oldest first. */
export async function listMigrations(request: HttpRequest, { records }: Services): Promise<Reply> {
  const { items, next } = await records.list('migration', pageOf(request));
  return { jsonBody: pageBody(items.map(shortView), next) };
}

/** `GET /api/v1/migrations/{id}`: how far each of its workloads has come. */
export async function getMigration(
  request: HttpRequest,
  client: DurableClient,
  services: Services,
): Promise<Reply> {
  const migration = await findMigration(request, services);
  const { records } = services;
  const [clusters, workloads, progress] = await Promise.all([
    allOf(records, 'migrationCluster', `${migration.id}~`),
    allOf(records, 'migrationWorkload', `${migration.id}~`),
    progressOf(migration, client),
  ]);
  const ended = !['planning', 'running', 'rolling-back'].includes(migration.state);
  return {
    ...(!ended && { headers: { 'retry-after': '5' } }),
    jsonBody: {
      ...shortView(migration),
      options: migration.options,
      approvals: migration.approvals ?? [],
      progress,
      clusters: migration.clusters.map((cluster) => clusterView(cluster, clusters, workloads)),
    },
  };
}

/** `GET /api/v1/migrations/{id}/plan`: the whole plan. */
export async function getMigrationPlan(request: HttpRequest, services: Services): Promise<Reply> {
  const migration = await findMigration(request, services);
  const { plan } = await papersOf(migration, services);
  const clusters = plan.clusters.map((cluster) => ({
    ...cluster,
    approvals: approvalsOf(cluster),
  }));
  return { jsonBody: { hash: migration.planHash, ...plan, clusters } };
}

/** The codes of a cluster and its workloads that each need the word of a person. */
function approvalsOf({ codes, workloads }: ClusterMigration): readonly string[] {
  const all = [...codes, ...workloads.flatMap((workload) => workload.codes)];
  return [...new Set(all)].filter((code) => approvalCodes.includes(code)).sort();
}

/** @throws Problem `not-found`. */
export async function findMigration(
  request: HttpRequest,
  { records }: Services,
): Promise<MigrationRecord> {
  const id = request.params['id'] ?? '';
  const found = await records.get('migration', id);
  if (!found) throw new Problem('not-found', `There is no migration ${id}.`);
  return found.value;
}

function shortView({ id, state, createdAt, endedAt, planHash, failure }: MigrationRecord): object {
  return {
    id,
    state,
    createdAt,
    endedAt: endedAt ?? null,
    plan: planHash === undefined ? null : planLink(id, planHash),
    failure: failure ? failureView(failure) : null,
  };
}

function planLink(id: string, hash: string): object {
  return { hash, location: `/api/v1/migrations/${id}/plan` };
}

function clusterView(
  { clusterId, armId }: MigrationRecord['clusters'][number],
  clusters: readonly MigrationClusterRecord[],
  workloads: readonly MigrationWorkloadRecord[],
): object {
  const end = clusters.find((one) => one.clusterId === clusterId);
  return {
    id: clusterKey(clusterId),
    armId,
    name: armName(armId),
    state: end?.state ?? null,
    failure: end?.failure ? failureView(end.failure) : null,
    workloads: workloads
      .filter((one) => one.clusterId === clusterId)
      .map(({ workload, state, reason, since }) => ({ ...workload, state, reason, since })),
  };
}

/** @throws Problem `not-found` while there is no plan. */
export async function papersOf(
  { id, clusters }: MigrationRecord,
  { migrationPapers }: Services,
): Promise<MigrationPapers> {
  const papers = await migrationPapers(
    id,
    clusters.map(({ clusterId }) => clusterId),
  );
  if (papers) return papers;
  throw new Problem('not-found', `The migration ${id} has no plan yet.`);
}

async function progressOf(
  { instanceId, state }: MigrationRecord,
  client: DurableClient,
): Promise<Progress | null> {
  if (!['planning', 'running', 'rolling-back'].includes(state)) return null;
  const instance = await findInstance(client, instanceId);
  return (instance?.customStatus as Progress | null | undefined) ?? null;
}

/** Every record whose id begins so. */
export async function allOf<K extends 'migrationCluster' | 'migrationWorkload'>(
  records: Services['records'],
  kind: K,
  prefix: string,
): Promise<readonly RecordTypes[K][]> {
  const found: RecordTypes[K][] = [];
  let after: string | undefined = prefix;
  while (after !== undefined) {
    const page: { readonly items: readonly RecordTypes[K][]; readonly next?: string } =
      await records.list(kind, { limit: 200, after });
    const own = page.items.filter(({ id }) => id.startsWith(prefix));
    found.push(...own);
    after = own.length === page.items.length ? page.next : undefined;
  }
  return found;
}

function failureView({ code, message, next, target }: Failure): object {
  return { code: toKebabCase(code), message, next: next ?? null, target: target ?? null };
}
