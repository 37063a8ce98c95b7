import fc from 'fast-check';

import { openSqliteRecords } from '../../../clients/records/sqlite-records';
import { openTableRecords } from '../../../clients/records/table-records';
import type { Records } from '../../../clients/records/records';
import { describeWithStorage } from '../../conformance/durable-extension/harness/toolchain';
import type { Storage } from '../../conformance/durable-extension/harness/azurite';
import { FaultyProxy } from '../../support/faulty-proxy';
import type { Fault } from '../../support/faulty-proxy';
import { emulatorKey, startTableStorage } from '../../support/table-storage';

jest.setTimeout(300_000);

type Operation = { readonly id: string; readonly value: string; readonly faults: Fault[] } & (
  | { readonly name: 'get' | 'insert' | 'put' | 'remove' }
  /** With the tag of an earlier reading of the id, the last one being 0. */
  | { readonly name: 'replace' | 'removeRead'; readonly reading: number }
  | { readonly name: 'list'; readonly limit: number }
);

const ids = ['a', 'a/b', 'a b', 'B', 'é', '😀', '\uFFFD', '', 'a'.repeat(700)];
const id = fc.constantFrom(...ids);
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ minLength: 29_990, maxLength: 31_000, size: 'max' }),
);
const faults = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Fault[]>([]) },
  fc.array(
    fc.constantFrom<Fault>('none', 'reset', 'lost answer', 'wrong answer', { status: 503 }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ id, value, faults, name: fc.constantFrom('get', 'insert', 'put', 'remove') }),
  fc.record({
    ...{ id, value, faults, reading: fc.nat(2) },
    name: fc.constantFrom('replace', 'removeRead'),
  }),
  fc.record({
    id,
    value,
    faults,
    name: fc.constant('list'),
    limit: fc.integer({ min: 1, max: 10 }),
  }),
);

/** A store, and the tags that it gave. */
class Subject {
  readonly records: Records;
  readonly #tags = new Map<string, string[]>();

  constructor(records: Records) {
    this.records = records;
  }

  async does(operation: Operation): Promise<unknown> {
    const { records } = this;
    const { id, name } = operation;
    const value = { owner: operation.value };
    switch (name) {
      case 'get':
        return this.#read(id);
      case 'insert':
        return records.insert('claim', id, value);
      case 'put':
        return records.put('claim', id, value);
      case 'remove':
        return records.remove('claim', id);
      case 'replace':
        return records.replace('claim', id, { value, etag: this.#tag(operation) });
      case 'removeRead':
        return records.remove('claim', id, this.#tag(operation));
      case 'list':
        return records.list('claim', { limit: operation.limit, after: id });
    }
  }

  async #read(id: string): Promise<unknown> {
    const found = await this.records.get('claim', id);
    if (found) this.#tags.set(id, [found.etag, ...(this.#tags.get(id) ?? [])]);
    return found?.value;
  }

  #tag({ id, reading }: { readonly id: string; readonly reading: number }): string {
    return this.#tags.get(id)?.[reading] ?? '0';
  }
}

describeWithStorage('records in Azure Table storage', (azurite) => {
  let storage: Storage;
  let proxy: FaultyProxy;
  let url: string;

  beforeAll(async () => {
    storage = await startTableStorage(azurite);
    proxy = new FaultyProxy(storage.tables);
    url = await proxy.start();
  });
  afterAll(async () => {
    await proxy.stop();
    await storage.stop();
  });

  it('answer as those in SQLite do, whatever was asked before and whatever gets lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 40 }), async (operations) => {
        const credential = { name: 'devstoreaccount1', key: emulatorKey };
        const tables = new Subject(openTableRecords({ url, credential, retryDelayMs: 1 }));
        const sqlite = new Subject(openSqliteRecords(':memory:'));
        for (const id of ids) await tables.records.remove('claim', id);

        for (const operation of operations) {
          const expected = await sqlite.does(operation);
          proxy.faults.push(...operation.faults);
          const answer = await tables.does(operation);
          proxy.faults.length = 0;
          expect(answer).toEqual(expected);
        }
        const all = { limit: 100 };
        expect(await tables.records.list('claim', all)).toEqual(
          await sqlite.records.list('claim', all),
        );
        sqlite.records.close();
      }),
      { numRuns: 150 },
    );
  });
});
