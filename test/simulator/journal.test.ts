import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Journal } from '../../simulator/journal';

describe('the journal of a world', () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const open = (name: string): Journal => new Journal(join(folder, name));

  it('keeps records in the order they were first put, with their last value', async () => {
    const journal = open('order');
    journal.put('resource', 'b', { value: 1 });
    journal.put('resource', 'a', { value: 2 });
    await journal.committed();
    journal.put('resource', 'b', { value: 3 });
    journal.put('resource', 'c', { value: 4 });
    journal.put('resource', 'c', undefined);
    journal.close();

    const reopened = open('order');
    const found = [...reopened.load('resource')];
    reopened.close();

    expect(found).toEqual([
      ['b', { value: 3 }],
      ['a', { value: 2 }],
    ]);
  });

  it('keeps what the disk refused for the next commit', async () => {
    const journal = open('refused');
    journal.database.exec('PRAGMA query_only = ON');
    journal.put('resource', 'a', { value: 1 });
    const refused = journal.committed();

    await expect(refused).rejects.toThrow(/readonly/);
    journal.database.exec('PRAGMA query_only = OFF');
    journal.put('resource', 'b', { value: 2 });
    await journal.committed();

    expect([...journal.load('resource')].map(([key]) => key)).toEqual(['a', 'b']);
    journal.close();
  });

  it('keeps keys apart that contain spaces', async () => {
    const journal = open('spaces');

    journal.put('resource', 'a b', { value: 1 });
    journal.put('operation', 'a b', { value: 2 });
    await journal.committed();

    expect([...journal.load('resource')]).toEqual([['a b', { value: 1 }]]);
    expect([...journal.load('operation')]).toEqual([['a b', { value: 2 }]]);
    journal.close();
  });

  it('leaves no file behind without a folder', async () => {
    const journal = new Journal(undefined);

    journal.put('resource', 'a', { value: 1 });
    await journal.committed();

    expect([...journal.load('resource')]).toEqual([]);
    journal.close();
  });
});
