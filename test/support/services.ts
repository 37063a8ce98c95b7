import { openSqliteRecords } from '../../clients/records/sqlite-records';
import type { Records } from '../../clients/records/records';
import type { RunRecord } from '../../domain/records';
import { onStartTimer } from '../../functions/pending-starts';
import { capabilityNeeds } from '../../activities/capabilities';
import type { Services } from '../../functions/services';
import { aPolicy, armId, clusterId, subscriptionId } from './clusters';
import { FakeEngine } from './fake-durable-client';
import { Faults } from './faults';
import { aContext } from './http';

export interface Backend {
  readonly records: Records;
  readonly engine: FakeEngine;
  readonly services: Services;
}

/** A store and an engine of a test's own, and a cloud in which every cluster exists. */
export function aBackend(overrides: Partial<Services> = {}): Backend {
  const records = openSqliteRecords(':memory:');
  return {
    records,
    engine: new FakeEngine(),
    services: {
      records,
      policy: aPolicy(),
      enabled: true,
      subscriptions: [subscriptionId],
      existing: (ids) => Promise.resolve(new Set(ids)),
      ownPermissions: (scopes) =>
        Promise.resolve(scopes.map((scope) => ({ scope, permissions: [] }))),
      capabilityNeeds,
      migrationPapers: () => Promise.resolve(undefined),
      ...overrides,
    },
  };
}

/** A run that has been asked for. */
export function aRunRecord(overrides: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 'run_1',
    clusterId,
    armId,
    mode: 'apply',
    instanceId: 'fleet_1.run_1',
    cause: 'fleet_1',
    state: 'queued',
    ...overrides,
  };
}

/** A minute later: what was accepted and not started is started. */
export async function startPending(
  { engine, services }: Backend,
  faults = new Faults(),
): Promise<void> {
  const broken = { ...services, records: faults.on(services.records) };
  const timer = { isPastDue: false, schedule: { adjustForDST: true }, scheduleStatus: never };
  const { context } = aContext();
  await onStartTimer(timer, faults.on(engine.client), { services: broken, context }).catch(
    (error: unknown) => {
      // The host reports a failed timer and calls it again a minute later.
      if (faults.calls === 0) throw error;
    },
  );
}

const never = { last: '', next: '', lastUpdated: '' };
