import { randomBytes } from 'node:crypto';

import type { HttpRequest } from '@azure/functions';
import type { DurableClient } from 'durable-functions';

import { clusterIdParts, sortableId } from '../domain/ids';
import type { MigrationRecord } from '../domain/records';
import { jsonBody } from './http';
import type { Reply } from './http';
import { findInstance, isLive, startEver } from './instances';
import { parseApplication, parseMigration } from './migration-request';
import { Problem } from './problem';
import type { Services } from './services';

/** `POST /api/v1/migrations`: reads clusters and plans their way off pod identity. Changes nothing. */
export async function planMigrations(
  request: HttpRequest,
  client: DurableClient,
  services: Services,
): Promise<Reply> {
  const wanted = parseMigration(await jsonBody(request));
  await requireInScope(wanted, services);
  const id = sortableId('mig', Date.now(), randomBytes(10));
  const record: MigrationRecord = {
    id,
    ...wanted,
    requestedBy: 'api',
    createdAt: new Date().toISOString(),
    state: 'planning',
    instanceId: id,
  };
  await services.records.insert('migration', id, record);
  const clusterIds = wanted.clusters.map(({ clusterId }) => clusterId);
  const input = { migrationId: id, clusterIds, options: wanted.options };
  await startEver(client, { orchestration: 'drawUpMigration', instanceId: id, input });
  return accepted(id);
}

async function requireInScope(
  { clusters }: Pick<MigrationRecord, 'clusters'>,
  { subscriptions, existing }: Services,
): Promise<void> {
  const ids = clusters.map(({ clusterId }) => clusterId);
  const known = await existing(ids);
  const errors = ids.flatMap((id, i) => {
    const foreign = !subscriptions.includes(clusterIdParts(id).subscriptionId);
    if (!foreign && known.has(id)) return [];
    const message = foreign
      ? 'is in a subscription that Steward does not look after'
      : 'does not exist, or Steward may not read it';
    const code = foreign ? 'out-of-scope' : 'not-found';
    return [{ pointer: `/clusters/${i}`, code, message }];
  });
  if (errors.length === 0) return;
  const detail = `${errors.length} of ${ids.length} entries of clusters cannot be migrated.`;
  throw new Problem('validation-failed', detail, errors);
}

/**
 * `POST /api/v1/migrations/{id}/apply`: carries out the plan of that hash, as far as the approvals go. May be repeated with
 * more approvals when it has ended.
 */
export async function applyMigration(
  request: HttpRequest,
  client: DurableClient,
  services: Services,
): Promise<Reply> {
  const { planHash, approvals } = parseApplication(await jsonBody(request));
  const { value: migration, etag } = await find(request, services);
  const { id, clusters, options } = migration;
  if (migration.planHash === undefined) throw refuse('It has no plan yet.');
  if (migration.planHash !== planHash) {
    throw refuse(`Its plan is ${migration.planHash}: read it, then apply that one.`);
  }
  if (await isAtWork(migration, client)) throw refuse('It is under way.');
  if (migration.stopped === true) throw refuse('It was rolled back: plan a new migration.');

  const instanceId = sortableId('mig', Date.now(), randomBytes(10)).replace('mig', id);
  const all = [...(migration.approvals ?? []), ...approvals];
  const value: MigrationRecord = { ...migration, state: 'running', instanceId, approvals: all };
  if (!(await services.records.replace('migration', id, { value, etag }))) {
    throw refuse('Somebody else has just changed it.');
  }
  const { policy } = services;
  const { clustersAtOnce } = policy;
  const clusterIds = clusters.map(({ clusterId }) => clusterId);
  const shared = { migrationId: id, clusterIds, clustersAtOnce };
  const input = { ...shared, options, approvals: all, policy, ends: [] };
  await startEver(client, { orchestration: 'migrateFleet', instanceId, input });
  return accepted(id);
}

/** `POST /api/v1/migrations/{id}/rollback`: stops it and takes back what it has changed. */
export async function rollBackMigrations(
  request: HttpRequest,
  client: DurableClient,
  services: Services,
): Promise<Reply> {
  const { value: migration, etag } = await find(request, services);
  const { id, clusters } = migration;
  if (['planning', 'planned'].includes(migration.state)) throw refuse('It has changed nothing.');
  if (migration.state === 'rolling-back' && (await isAtWork(migration, client)))
    return accepted(id);

  const instanceId = sortableId('mig', Date.now(), randomBytes(10)).replace('mig', id);
  const value = { ...migration, state: 'rolling-back', stopped: true, instanceId } as const;
  if (!(await services.records.replace('migration', id, { value, etag }))) {
    throw refuse('Somebody else has just changed it.');
  }
  const input = { migrationId: id, clusterIds: clusters.map(({ clusterId }) => clusterId) };
  await startEver(client, { orchestration: 'rollBackMigration', instanceId, input });
  return accepted(id);
}

/** A migration whose process ended before its run began is under way for nobody. */
async function isAtWork(
  { state, instanceId }: MigrationRecord,
  client: DurableClient,
): Promise<boolean> {
  if (!['planning', 'running', 'rolling-back'].includes(state)) return false;
  return isLive(await findInstance(client, instanceId));
}

async function find(request: HttpRequest, { records }: Services) {
  const id = request.params['id'] ?? '';
  const found = await records.get('migration', id);
  if (!found) throw new Problem('not-found', `There is no migration ${id}.`);
  return found;
}

function refuse(detail: string): Problem {
  return new Problem('conflict', detail);
}

function accepted(id: string): Reply {
  const location = `/api/v1/migrations/${id}`;
  return { status: 202, headers: { location, 'retry-after': '5' }, jsonBody: { id, location } };
}
