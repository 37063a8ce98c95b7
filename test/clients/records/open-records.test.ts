import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openRecords } from '../../../clients/records/open-records';

const noIdentity = { getToken: () => Promise.reject(new Error('the identity was asked')) };

describe('openRecords', () => {
  it('makes a SQLite file and the folder that it is to lie in', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'steward-records-'));
    const file = join(folder, 'a', 'b:c.db');

    const records = openRecords({ kind: 'sqlite', file }, noIdentity);
    await records.put('claim', 'a', { owner: 'run_1' });
    records.close();

    expect(existsSync(file)).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it('reaches tables with the token of the host identity, which may be had later', async () => {
    const scopes: unknown[] = [];
    const identity = {
      getToken: (scope: unknown) => {
        scopes.push(scope);
        return Promise.reject(new Error('no endpoint'));
      },
    };
    const records = openRecords({ kind: 'tables', url: 'https://127.0.0.1:1' }, identity);

    const read = records.get('claim', 'a');

    await expect(read).rejects.toMatchObject({
      name: 'TransientError',
      message: 'no token: no endpoint',
    });
    expect(scopes.flat()).toEqual(['https://storage.azure.com/.default']);
  });

  it('reaches the storage emulator with the key that everybody knows', async () => {
    const asked: unknown[] = [];
    const server = createServer(({ url, headers }, response) => {
      asked.push([url, headers.authorization]);
      const error = { code: 'TableNotFound', message: { value: 'no table' } };
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ 'odata.error': error }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;

    const records = openRecords(
      { kind: 'tables', url: `http://127.0.0.1:${port}/devstoreaccount1` },
      noIdentity,
    );
    const found = await records.get('claim', 'a');
    server.closeAllConnections();
    server.close();

    expect(found).toBeUndefined();
    expect(asked).toEqual([
      [
        "/devstoreaccount1/stewardRecords(PartitionKey='claim',RowKey='a')",
        expect.stringMatching(/^SharedKeyLite devstoreaccount1:/),
      ],
    ]);
  });

  it.each([
    ['https://127.0.0.1:1/devstoreaccount1', 'no token: the identity was asked'],
    ['http://127.0.0.1:1/account', 'Bearer token authentication is not permitted'],
    ['http://127.0.0.1.example.com:1/devstoreaccount1', 'Bearer token authentication is not'],
  ])('gives that key to nobody else: %s', async (url, message) => {
    await expect(
      openRecords({ kind: 'tables', url }, noIdentity).get('claim', 'a'),
    ).rejects.toThrow(message);
  });
});
