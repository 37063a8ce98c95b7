import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSqliteRecords } from '../../../clients/records/sqlite-records';
import { recordsContract } from '../../support/records-contract';

describe('records in memory', () => {
  recordsContract(() => openSqliteRecords(':memory:'));
});

describe('records in a file', () => {
  let folder = '';
  const file = () => join(folder, 'steward.db');
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'steward-records-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  describe('as any records', () => {
    recordsContract(() => openSqliteRecords(file()));
  });

  it('are there after the store was closed', async () => {
    const before = openSqliteRecords(file());
    await before.put('claim', 'a', { owner: 'run_1' });
    const tag = (await before.get('claim', 'a'))?.etag ?? '';
    before.close();

    const after = openSqliteRecords(file());
    const change = { value: { owner: 'run_2' }, etag: tag };
    const replaced = await after.replace('claim', 'a', change);
    const stored = await after.get('claim', 'a');
    after.close();

    expect(replaced).toBe(true);
    expect(stored?.value).toEqual({ owner: 'run_2' });
  });

  it('are there after the process was killed: a second reader sees every write at once', async () => {
    const killed = openSqliteRecords(file());
    await killed.put('claim', 'a', { owner: 'run_1' });

    const next = openSqliteRecords(file());
    const stored = await next.get('claim', 'a');
    next.close();
    killed.close();

    expect(stored?.value).toEqual({ owner: 'run_1' });
  });

  it('acknowledge nothing that a second reader does not see yet', async () => {
    const records = openSqliteRecords(file());
    const reader = openSqliteRecords(file());

    const written = records.put('claim', 'a', { owner: 'run_1' });
    const early = await reader.get('claim', 'a');
    const own = records.get('claim', 'a').then(() => reader.get('claim', 'a'));
    await written;
    const late = await reader.get('claim', 'a');

    expect(early).toBeUndefined();
    expect((await own)?.value).toEqual({ owner: 'run_1' });
    expect(late?.value).toEqual({ owner: 'run_1' });
    reader.close();
    records.close();
  });

  it('keep what was written just before they were closed', async () => {
    const records = openSqliteRecords(file());
    const written = records.put('claim', 'a', { owner: 'run_1' });
    records.close();
    await written;

    const after = openSqliteRecords(file());
    const stored = await after.get('claim', 'a');
    after.close();

    expect(stored?.value).toEqual({ owner: 'run_1' });
  });

  it('leave one file behind when the store is closed', async () => {
    const records = openSqliteRecords(file());
    await records.put('claim', 'a', { owner: 'run_1' });
    records.close();

    expect(readdirSync(folder)).toEqual(['steward.db']);
  });

  it('reject what is asked of them after the store was closed', async () => {
    const records = openSqliteRecords(file());
    records.close();

    await expect(records.get('claim', 'a')).rejects.toThrow();
  });
});
