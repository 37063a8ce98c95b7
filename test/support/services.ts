import { openSqliteRecords } from '../../clients/records/sqlite-records';
import type { Records } from '../../clients/records/records';
import type { RunRecord } from '../../domain/records';
import type { Services } from '../../functions/services';
import { aPolicy, armId, clusterId, subscriptionId } from './clusters';
import { FakeEngine } from './fake-durable-client';

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
      subscriptions: [subscriptionId],
      existing: (ids) => Promise.resolve(new Set(ids)),
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
