import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openTableRecords } from '../../clients/records/table-records';
import type { Records } from '../../clients/records/records';
import { objectAt } from '../../simulator/json';
import type { JsonObject } from '../../simulator/json';
import { describeWithStorage } from '../conformance/durable-extension/harness/toolchain';
import { FaultyProxy } from '../support/faulty-proxy';
import { emulatorKey, startTableStorage } from '../support/table-storage';
import { migrating } from './support/migration';

jest.setTimeout(300_000);

const file = join(__dirname, '../data/pod-identity/08-half-migrated-cleanup.json');
const { given } = JSON.parse(readFileSync(file, 'utf8')) as { given: JsonObject };

describeWithStorage('a migration whose records are in Azure Table storage', (azurite) => {
  it('ends, and is taken back, as one whose records are in a file', async () => {
    const storage = await startTableStorage(azurite);
    const proxy = new FaultyProxy(storage.tables);
    const credential = { name: 'devstoreaccount1', key: emulatorKey };
    try {
      const tables = openTableRecords({ url: await proxy.start(), credential });

      const ended = await migrated(tables);

      expect(ended).toMatchObject({ end: 'succeeded', back: 'rolled-back', writes: [] });
      expect(ended.ledger.length).toBeGreaterThan(0);
      expect(ended).toEqual(await migrated());
      expect(proxy.passed.length).toBeGreaterThan(50);
    } finally {
      await proxy.stop();
      await storage.stop();
    }
  });
});

async function migrated(records?: Records) {
  await using steward = await migrating(given, { ...(records && { records }) });
  const plan = await steward.plan(
    Object.keys(objectAt(given, 'kubernetes')),
    objectAt(given, 'options'),
  );
  const end = await steward.apply();
  const states = await steward.states();
  const ledger = (await steward.clients.records.list('ledger', { limit: 200 })).items;
  const back = await steward.rollBack();
  return { plan, end, states, ledger, back, writes: await steward.repeatedWrites() };
}
