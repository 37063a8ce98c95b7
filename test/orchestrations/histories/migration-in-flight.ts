import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { toClusterId } from '../../../domain/ids';
import { approvalCodes } from '../../../domain/migration/approvals';
import { MigrationOptions } from '../../../domain/migration/options';
import type { JsonObject } from '../../../simulator/json';
import { objectAt } from '../../../simulator/json';
import { aPolicy } from '../../support/clusters';
import { anAzureStage } from './azure-stage';

export const migrationId = 'mig_1';
/** The instance that carries the migration out. */
export const applying = `${migrationId}_a`;

const world = join(__dirname, '../../data/pod-identity/01-addon-simple.json');

/** Carries a migration out as far as its soak, and leaves it in the folder. */
export async function leaveMigration(folder: string): Promise<void> {
  const { given } = JSON.parse(readFileSync(world, 'utf8')) as { given: JsonObject };
  const clusterIds = Object.keys(objectAt(given, 'kubernetes')).flatMap(
    (armId) => toClusterId(armId) ?? [],
  );
  const options = MigrationOptions.parse(objectAt(given, 'options'));
  await using stage = await anAzureStage(given, folder);
  const { recorder, clients } = stage;
  const { driver } = recorder;
  driver.clock.moveTo(driver.clock.now() + 5 * 60_000); // clusters settle
  await clients.records.put('migration', migrationId, {
    ...{ id: migrationId, options, requestedBy: 'test', createdAt: '2026-11-24T08:00:00Z' },
    clusters: clusterIds.map((clusterId) => ({ clusterId, armId: clusterId })),
    ...{ state: 'planning', instanceId: migrationId },
  });
  await recorder.run('drawUpMigration', migrationId, { migrationId, clusterIds, options });
  const approvals = approvalCodes.map((code) => ({ code }));
  const shared = { migrationId, clusterIds, clustersAtOnce: 2, options, approvals };
  const input = { ...shared, policy: aPolicy(), ends: [] };
  await driver.start('migrateFleet', input, { instanceId: applying });
  const looks = () => driver.calls.filter(({ functionName }) => functionName === 'checkSoak');
  await driver.until(applying, () => looks().length === 3);
  await driver.rest();
}
