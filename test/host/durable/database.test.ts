import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../../../host/durable/store/database';
import { migrations } from '../../../host/durable/store/schema';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durable-store-'));
  path = join(folder, 'durable.db');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('opens what it has written', () => {
  openDatabase(path).close();

  const again = openDatabase(path);

  expect(again.prepare('SELECT count(*) AS n FROM instances').get()).toEqual({ n: 0 });
  again.close();
});

test('belongs to one process at a time', () => {
  const owner = openDatabase(path);
  const other = `
    const { DatabaseSync } = require('node:sqlite');
    try { new DatabaseSync(process.argv[1]).exec('BEGIN IMMEDIATE'); console.log('opened'); }
    catch (error) { console.log(error.message); }`;

  const seen = execFileSync(process.execPath, ['-e', other, path], { encoding: 'utf8' });

  owner.close();
  expect(seen.trim()).toBe('database is locked');
});

test('says who stands in the way', () => {
  const owner = openDatabase(path);

  expect(() => openDatabase(path)).toThrow(
    `Another process uses ${path}. Stop it, or choose another data folder.`,
  );

  owner.close();
});

test('says that a file is damaged', () => {
  writeFileSync(path, 'this is no database, but long enough to look like one '.repeat(100));

  expect(() => openDatabase(path)).toThrow(
    `${path} is damaged (file is not a database). Move it away to start empty, or restore a copy.`,
  );
});

test('leaves alone what a newer version has written', () => {
  const newer = new DatabaseSync(path);
  newer.exec('PRAGMA user_version = 99');
  newer.close();

  expect(() => openDatabase(path)).toThrow(
    `${path} cannot be used: it has the format 99, this program knows ${migrations.length + 1}. Correct this, or choose another data folder.`,
  );
});

test('says that there is no such folder', () => {
  expect(() => openDatabase(join(folder, 'missing', 'durable.db'))).toThrow(
    /cannot be used: unable to open database file/,
  );
});
