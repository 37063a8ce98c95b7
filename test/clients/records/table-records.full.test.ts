import { randomBytes } from 'node:crypto';

import { TableClient } from '@azure/data-tables';

import { openTableRecords } from '../../../clients/records/table-records';
import type { Records } from '../../../clients/records/records';
import { describeWithStorage } from '../../conformance/durable-extension/harness/toolchain';
import type { Storage } from '../../conformance/durable-extension/harness/azurite';
import { FaultyProxy } from '../../support/faulty-proxy';
import type { Fault } from '../../support/faulty-proxy';
import { recordsContract } from '../../support/records-contract';
import { aRunRecord } from '../../support/services';
import { emulatorKey, startTableStorage } from '../../support/table-storage';

jest.setTimeout(60_000);

const credential = { name: 'devstoreaccount1', key: emulatorKey };

describeWithStorage('records in Azure Table storage', (azurite) => {
  let storage: Storage;
  let proxy: FaultyProxy;
  let url: string;
  let table: TableClient;
  const open = (): Records => openTableRecords({ url, credential, retryDelayMs: 5 });
  const direct = (): Records => openTableRecords({ url: storage.tables, credential });

  beforeAll(async () => {
    storage = await startTableStorage(azurite);
    proxy = new FaultyProxy(storage.tables);
    url = await proxy.start();
    table = new TableClient(storage.tables, 'stewardRecords', credential, {
      allowInsecureConnection: true,
    });
  });
  beforeEach(async () => {
    proxy.faults.length = 0;
    await table.deleteTable();
    proxy.passed.length = 0;
  });
  afterAll(async () => {
    await proxy.stop();
    await storage.stop();
  });

  describe('as any records', () => {
    recordsContract(open);
  });

  describe('answers that get lost', () => {
    it.each<[string, Fault]>([
      ['lost', 'lost answer'],
      ['torn', 'torn answer'],
      ['an error', 'wrong answer'],
    ])('an insert whose answer is %s knows its own row', async (_what, fault) => {
      await direct().put('claim', 'other', one);
      proxy.faults.push(fault);

      expect(await open().insert('claim', 'a', one)).toBe(true);
      expect(await open().insert('claim', 'a', two)).toBe(false);
      expect((await direct().get('claim', 'a'))?.value).toEqual(one);
    });

    it('a replacement whose answer is lost knows its own row', async () => {
      await direct().put('claim', 'a', one);
      const etag = (await direct().get('claim', 'a'))?.etag ?? '';
      proxy.faults.push('lost answer');

      expect(await open().replace('claim', 'a', { value: two, etag })).toBe(true);
      expect((await direct().get('claim', 'a'))?.value).toEqual(two);
    });

    it('a write whose row others have changed before it was repeated claims nothing', async () => {
      await direct().put('claim', 'other', one);
      const steal = { before: () => direct().put('claim', 'a', two) };
      proxy.faults.push('lost answer', steal);

      expect(await open().insert('claim', 'a', one)).toBe(false);
      expect((await direct().get('claim', 'a'))?.value).toEqual(two);
    });

    it('a replacement of what was removed before it was repeated claims nothing', async () => {
      await direct().put('claim', 'a', one);
      const etag = (await direct().get('claim', 'a'))?.etag ?? '';
      proxy.faults.push('lost answer', { before: () => direct().remove('claim', 'a') });

      expect(await open().replace('claim', 'a', { value: two, etag })).toBe(false);
    });

    it('a removal whose answer is lost has removed, and leaves the next row alone', async () => {
      await direct().put('claim', 'a', one);
      const etag = (await direct().get('claim', 'a'))?.etag ?? '';
      proxy.faults.push('lost answer', { before: () => direct().insert('claim', 'a', two) });

      await open().remove('claim', 'a', etag);

      expect((await direct().get('claim', 'a'))?.value).toEqual(two);
    });

    it('a table that two make at once is made', async () => {
      proxy.faults.push('none', { before: () => table.createTable() });

      await open().put('claim', 'a', one);

      expect((await direct().get('claim', 'a'))?.value).toEqual(one);
    });

    it('ten stores that are opened at once make one table', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => open().insert('claim', `c${i}`, one)),
      );

      expect(outcomes).toEqual(Array.from({ length: 10 }, () => true));
      expect((await direct().list('claim', { limit: 20 })).items).toHaveLength(10);
    });
  });

  describe('a service that is in trouble', () => {
    const calls: [string, (records: Records) => Promise<unknown>][] = [
      ['get', (records) => records.get('claim', 'a')],
      ['put', (records) => records.put('claim', 'a', one)],
      ['insert', (records) => records.insert('claim', 'b', one)],
      ['remove', (records) => records.remove('claim', 'a')],
      ['list', (records) => records.list('claim', { limit: 10 })],
    ];
    const troubles: Fault[] = [
      'reset',
      { status: 500 },
      { status: 503, body: 'The server is busy.' },
      { status: 408 },
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 504, body: '<html>' },
    ];

    it.each(calls)('is asked again: %s', async (_name, call) => {
      const prepare = async () => {
        await direct().put('claim', 'a', one);
        await direct().remove('claim', 'b');
      };
      await prepare();
      const expected = withoutTag(await call(direct()));

      for (const trouble of troubles) {
        await prepare();
        proxy.faults.push(trouble);
        expect(withoutTag(await call(open()))).toEqual(expected);
      }
    });

    it.each(calls)(
      'is for the caller to ask later, once it does not recover: %s',
      async (_name, call) => {
        await direct().put('claim', 'a', one);

        for (const trouble of troubles) {
          proxy.faults.push(trouble, trouble, trouble, trouble);
          await expect(call(open())).rejects.toMatchObject({ name: 'TransientError' });
          expect(proxy.faults).toEqual([]);
        }
      },
    );

    it('is left alone for as long as it asks for', async () => {
      await direct().put('claim', 'a', one);
      proxy.faults.push({ status: 429, headers: { 'retry-after': '1' } });

      await open().get('claim', 'a');

      const [first, second] = proxy.passed;
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
    });

    it.each<Fault>([{ status: 401 }, { status: 403 }])(
      'that refuses the identity is a failure with a next step: %j',
      async (refusal) => {
        proxy.faults.push(refusal);

        await expect(open().get('claim', 'a')).rejects.toMatchObject({
          name: 'FailureError',
          failure: {
            code: 'Forbidden',
            message: expect.stringContaining("refuses Steward's host identity") as string,
            next: expect.stringContaining('Storage Table Data Contributor') as string,
          },
        });
      },
    );

    it('that is still deleting the table is for the caller to ask later', async () => {
      await direct().put('claim', 'a', one);
      proxy.faults.push(refusal(409, 'TableBeingDeleted'));

      const inserted = open().insert('claim', 'b', one);

      await expect(inserted).rejects.toMatchObject({ name: 'TransientError' });
    });

    it('that does not answer is for the caller to ask later', async () => {
      proxy.faults.push('silence');
      const impatient = openTableRecords({ url, credential, longestTryMs: 200 });

      await expect(impatient.get('claim', 'a')).rejects.toMatchObject({
        name: 'TransientError',
        message: 'Table storage did not answer in time',
      });
    });

    it('that tears its answer loses nothing of what was read', async () => {
      await direct().put('run', 'a', aRunRecord({ cause: 'x'.repeat(20_000) }));
      proxy.faults.push('torn answer');

      const read = open().get('run', 'a');

      await expect(read).rejects.toMatchObject({ name: 'TransientError' });
    });
  });

  describe('large values', () => {
    it.each([29_900, 30_000, 60_000, 700_000])('keep each of %i characters', async (length) => {
      const value = aRunRecord({ cause: noise(length) });

      await open().put('run', 'a', value);

      expect((await direct().get('run', 'a'))?.value).toEqual(value);
      expect((await direct().list('run', { limit: 5 })).items).toEqual([value]);
    });

    it('leave nothing behind when they become small', async () => {
      const records = open();
      await records.put('run', 'a', aRunRecord({ cause: noise(200_000) }));
      const { etag = '' } = (await records.get('run', 'a')) ?? {};

      await records.replace('run', 'a', { value: aRunRecord(), etag });

      expect((await records.get('run', 'a'))?.value).toEqual(aRunRecord());
      expect(Object.keys(await table.getEntity('run', 'a'))).not.toContain('gzip0');
    });

    it('that fit into no row are refused, and change nothing', async () => {
      const records = open();
      await records.put('run', 'a', aRunRecord());

      const written = records.put('run', 'a', aRunRecord({ cause: noise(1_400_000) }));

      await expect(written).rejects.toThrow(
        'Unsupported: The record a of kind run does not fit into a row of Azure Table storage, compressed as it is.',
      );
      expect((await records.get('run', 'a'))?.value).toEqual(aRunRecord());
    });

    it.each([0, 0.2, 0.5, 0.99])(
      'are written whole or not at all when the writer dies after %d of them',
      async (sent) => {
        const before = aRunRecord({ cause: noise(200_000) });
        await direct().put('run', 'a', before);
        proxy.faults.push({ sent }, { sent }, { sent }, { sent });

        const written = open().put('run', 'a', aRunRecord({ cause: noise(300_000) }));

        await expect(written).rejects.toMatchObject({ name: 'TransientError' });
        expect((await direct().get('run', 'a'))?.value).toEqual(before);
      },
    );
  });

  describe('what is asked of the service', () => {
    it('is one request for each call, and three more for the first write of all', async () => {
      const records = open();
      await records.insert('claim', 'a', one);
      const first = proxy.passed.splice(0).map(({ method }) => method);
      const etag = (await records.get('claim', 'a'))?.etag ?? '';
      await records.insert('claim', 'a', two);
      await records.replace('claim', 'a', { value: two, etag });
      await records.replace('claim', 'a', { value: two, etag });
      await records.put('claim', 'a', one);
      await records.list('claim', { limit: 200 });
      await records.remove('claim', 'a');
      await records.remove('claim', 'a');

      expect(first).toEqual(['POST', 'POST', 'POST']); // no table, make it, again
      const rest = ['GET', 'POST', 'PUT', 'PUT', 'PUT', 'GET', 'DELETE', 'DELETE'];
      expect(proxy.passed.map(({ method }) => method)).toEqual(rest);
    });

    it('is nothing for a tag that no row can have: * would be every row', async () => {
      const records = open();
      await records.put('claim', 'a', one);
      proxy.passed.length = 0;

      for (const etag of ['*', '', '1', 'W/"', '*"']) {
        expect(await records.replace('claim', 'a', { value: two, etag })).toBe(false);
      }

      expect(proxy.passed).toEqual([]);
    });
  });

  describe('pages', () => {
    it('go on behind an empty answer that says there is more', async () => {
      for (const id of ['-', 'a', 'b']) await direct().put('claim', id, { owner: id });
      const more = {
        'content-type': 'application/json',
        ...(await continuationBehindFirst(table)),
      };
      proxy.faults.push({ status: 200, headers: more, body: '{"value":[]}' });

      const { items } = await open().list('claim', { limit: 5, after: '-' });

      expect(items.map(({ owner }) => owner)).toEqual(['a', 'b']);
      expect(proxy.passed).toHaveLength(2);
    });

    it('may be larger than what the service gives at once', async () => {
      const ids = Array.from({ length: 1100 }, (_, i) => `r${String(i).padStart(4, '0')}`);
      for (let i = 0; i < ids.length; i += 50) {
        const some = ids.slice(i, i + 50);
        await Promise.all(some.map((id) => direct().put('claim', id, { owner: id })));
      }

      const { items, next } = await open().list('claim', { limit: 1050 });
      const rest = await open().list('claim', { limit: 1050, after: next ?? '' });

      expect([...items, ...rest.items].map(({ owner }) => owner)).toEqual(ids);
      expect(proxy.passed.map(({ path }) => /top=\d+/.exec(path)?.[0])).toEqual([
        'top=1000',
        'top=1000',
        'top=1000',
      ]);
    });
  });
});

const one = { owner: 'run_1' };
const two = { owner: 'run_2' };

function withoutTag(found: unknown): unknown {
  return found !== null && typeof found === 'object' && 'etag' in found
    ? { ...found, etag: '' }
    : found;
}

/** The headers by which the service says where to go on. */
async function continuationBehindFirst(table: TableClient): Promise<Record<string, string>> {
  for await (const page of table.listEntities().byPage({ maxPageSize: 1 })) {
    const token = (page as { readonly continuationToken?: string }).continuationToken ?? '';
    const { nextPartitionKey, nextRowKey } = JSON.parse(
      Buffer.from(token, 'base64').toString(),
    ) as Record<string, string>;
    return {
      'x-ms-continuation-NextPartitionKey': nextPartitionKey ?? '',
      'x-ms-continuation-NextRowKey': nextRowKey ?? '',
    };
  }
  throw new Error('there is nothing in the table');
}

/** Text that cannot be compressed by much: four letters in each three bytes. */
function noise(length: number): string {
  return randomBytes(length).toString('base64').slice(0, length);
}

function refusal(status: number, code: string): Fault {
  const body = JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: code } } });
  return { status, headers: { 'content-type': 'application/json' }, body };
}
