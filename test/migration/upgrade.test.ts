import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { temporaryFolder } from '../e2e/support/steward-process';
import { root } from '../host/support/build-host';
import { anAzureStage } from '../orchestrations/histories/azure-stage';
import { copy, inFlightFolder, migrationMoment } from '../orchestrations/histories/in-flight';
import { applying, migrationId } from '../orchestrations/histories/migration-in-flight';
import { historiesFolder } from '../orchestrations/histories/recorded';
import { registerOnce } from '../orchestrations/histories/recorder';

jest.mock(
  '@azure/functions-core',
  () => jest.requireActual<object>('../host/durable/support/functions-core'),
  { virtual: true },
);

registerOnce();

const builds = readdirSync(join(root, historiesFolder), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('a migration that an earlier build has left in its soak', () => {
  it.each(builds)(
    'of %s is brought to its end, and nothing is done twice',
    async (build) => {
      const folder = temporaryFolder();
      copy(join(inFlightFolder(root, build), migrationMoment), folder.path);
      const { before, status, states, repeated } = await finish(folder.path);

      folder.remove();
      expect(before).toBe('Running');
      expect(status).toMatchObject({ runtimeStatus: 'Completed', output: '{"ok":true}' });
      expect(states).toEqual({ migration: 'succeeded', workloads: Array(3).fill('migrated') });
      expect(repeated).toEqual([]);
    },
    120_000,
  );
});

async function finish(folder: string) {
  await using stage = await anAzureStage(undefined, folder);
  const { records } = stage.clients;
  const before = await stage.recorder.driver.engine.status(applying);
  const status = await stage.recorder.driver.ended(applying);
  const { items } = await records.list('migrationWorkload', { limit: 200 });
  const migration = (await records.get('migration', migrationId))?.value.state;
  return {
    before: before?.runtimeStatus,
    status,
    states: { migration, workloads: items.map(({ state }) => state) },
    repeated: await stage.repeatedWrites(),
  };
}
