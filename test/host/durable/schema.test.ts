import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { openDatabase } from '../../../host/durable/store/database';
import { migrations, prepareSchema } from '../../../host/durable/store/schema';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durable-schema-'));
  path = join(folder, 'durable.db');
  const old = new DatabaseSync(path);
  old.exec(readFileSync(join(__dirname, '../../data/durable-format-1.sql'), 'utf8'));
  old.close();
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that the file holds, format included. */
function dump(): unknown[] {
  const database = new DatabaseSync(path);
  const all = (sql: string) => database.prepare(sql).all();
  const tables = all("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  const rows = tables.map(({ name }) => all(`SELECT * FROM ${String(name)}`));
  const seen = [all('PRAGMA user_version'), tables, rows];
  database.close();
  return seen;
}

describe('a store of format 1', () => {
  it('is carried to the current format with all that it holds', () => {
    const database = openDatabase(path);

    const { user_version: format } = database.prepare('PRAGMA user_version').get() ?? {};
    const rows = database.prepare('SELECT id, status, awaits FROM instances ORDER BY key').all();
    const histories = database.prepare('SELECT count(*) AS n FROM history').get();
    const again = database.prepare('PRAGMA auto_vacuum').get();
    database.close();
    expect(format).toBe(migrations.length + 1);
    expect(rows).toEqual([
      { id: 'waiting', status: 'Running', awaits: null },
      { id: 'done', status: 'Completed', awaits: null },
    ]);
    expect(histories).toEqual({ n: 2 });
    expect(again).toEqual({ auto_vacuum: 2 });
  });

  it('stays as it is when a step fails half-way', () => {
    const before = dump();
    const database = new DatabaseSync(path);
    const steps = [...migrations, 'DELETE FROM history; ALTER TABLE missing ADD COLUMN x'];

    expect(() => {
      prepareSchema(database, steps);
    }).toThrow('no such table: missing');

    database.close();
    expect(dump()).toEqual(before);
  });

  it('is told apart from the file of another program', () => {
    const other = join(folder, 'other.db');
    const foreign = new DatabaseSync(other);
    foreign.exec('CREATE TABLE music (title TEXT)');
    foreign.close();

    expect(() => openDatabase(other)).toThrow(
      `${other} cannot be used: another program made it. Correct this, or choose another data folder.`,
    );
  });
});
