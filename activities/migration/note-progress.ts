import { clusterKey } from '../../domain/ids';
import { refText } from '../../domain/migration/ledger';
import type { WorkloadRef } from '../../domain/migration/ledger';
import type { MigrationState, WorkloadState } from '../../domain/migration/states';
import type { Failure } from '../../domain/outcome';
import type { MigrationClusterRecord, MigrationWorkloadRecord } from '../../domain/records';
import { defineActivity } from '../activity';
import { isStopped } from './going';
import type { MigrationPlace } from './ledger';

export interface NoteWorkloadInput extends MigrationPlace {
  readonly workload: WorkloadRef;
  readonly state: WorkloadState;
  readonly reason?: string;
  /** ISO time. */
  readonly asOf: string;
}

/**
 * Writes down how far a workload has come. Idempotent.
 *
 * @returns whether somebody has asked to roll the migration back.
 */
export const noteWorkload = defineActivity(
  [],
  async (
    { migrationId, clusterId, workload, state, reason, asOf }: NoteWorkloadInput,
    { clients: { records } },
  ): Promise<{ readonly stopped: boolean }> => {
    const id = `${migrationId}~${clusterKey(clusterId)}~${refText(workload)}`;
    const before = (await records.get('migrationWorkload', id))?.value;
    const { kind, namespace, name } = workload;
    const rolledAt = state === 'rolling' ? asOf : before?.rolledAt;
    await records.put('migrationWorkload', id, {
      id,
      clusterId,
      workload: { kind, namespace, name },
      state,
      since: before?.state === state ? before.since : asOf,
      reason: reason ?? reasonBefore(state, before),
      ...(rolledAt !== undefined && { rolledAt }),
    });
    return { stopped: await isStopped(records, migrationId) };
  },
);

/** What was taken back has its reason already. */
function reasonBefore(state: WorkloadState, before: MigrationWorkloadRecord | undefined): string {
  return state === 'rolled-back' ? (before?.reason ?? '') : '';
}

/** Writes down how a migration ended in one cluster. Idempotent. */
export const noteClusterEnd = defineActivity(
  [],
  async (
    {
      migrationId,
      clusterId,
      state,
      failure,
      asOf,
    }: MigrationPlace &
      Pick<MigrationClusterRecord, 'state' | 'failure'> & { readonly asOf: string },
    { clients: { records } },
  ): Promise<{ readonly noted: true }> => {
    const id = `${migrationId}~${clusterKey(clusterId)}`;
    const end = { id, clusterId, state, endedAt: asOf, ...(failure && { failure }) };
    await records.put('migrationCluster', id, end);
    return { noted: true };
  },
);

export interface NoteMigrationInput {
  readonly migrationId: string;
  readonly state: MigrationState;
  readonly failure?: Failure;
  readonly asOf: string;
}

/**
 * Writes down where a migration is. Idempotent. A run that was overtaken by a request to roll back does not call the
 * migration anything else.
 */
export const noteMigration = defineActivity(
  [],
  async (
    { migrationId, state, failure, asOf }: NoteMigrationInput,
    { clients: { records }, runEnded },
  ): Promise<{ readonly noted: boolean }> => {
    const stored = await records.get('migration', migrationId);
    if (!stored) return { noted: false };
    const overtaken =
      stored.value.stopped === true && state !== 'rolled-back' && state !== 'failed';
    if (overtaken) return { noted: false };
    const ended = !['planning', 'planned', 'running', 'rolling-back'].includes(state);
    if (ended) runEnded(state === 'rolled-back' ? 'migration-rollback' : 'migration', failure);
    const value = {
      ...stored.value,
      state,
      ...(failure && { failure }),
      ...(ended && { endedAt: asOf }),
    };
    return { noted: await records.replace('migration', migrationId, { value, etag: stored.etag }) };
  },
);
