import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { reasonOf } from './failures';

const schemaVersion = 1;

/**
 * `instances.key` is never used twice, so whatever is addressed to an instance that was replaced or
 * purged goes nowhere. One row of `history` is one run of the orchestrator.
 */
const schema = `
  CREATE TABLE instances (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, execution TEXT NOT NULL,
    name TEXT NOT NULL, version TEXT, status TEXT NOT NULL, input TEXT, output TEXT,
    custom_status TEXT, created INTEGER NOT NULL, updated INTEGER NOT NULL,
    parent_key INTEGER, parent_id TEXT, parent_task INTEGER, generation INTEGER NOT NULL);
  CREATE INDEX instances_created ON instances (created);
  CREATE TABLE history (
    instance INTEGER NOT NULL, row INTEGER NOT NULL, events TEXT NOT NULL,
    PRIMARY KEY (instance, row)) WITHOUT ROWID;
  CREATE TABLE inbox (id INTEGER PRIMARY KEY, target INTEGER NOT NULL, body TEXT NOT NULL);
  CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, instance INTEGER NOT NULL, task INTEGER NOT NULL,
    name TEXT NOT NULL, input TEXT);
  CREATE INDEX tasks_instance ON tasks (instance);
  CREATE TABLE timers (
    instance INTEGER NOT NULL, timer INTEGER NOT NULL, due INTEGER NOT NULL,
    PRIMARY KEY (instance, timer)) WITHOUT ROWID;
  CREATE INDEX timers_due ON timers (due);
  CREATE TABLE entities (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, present INTEGER NOT NULL,
    state TEXT, locked_by TEXT, lock_id TEXT, waiting TEXT NOT NULL, updated INTEGER NOT NULL);
  CREATE TABLE entity_inbox (id INTEGER PRIMARY KEY, target INTEGER NOT NULL, body TEXT NOT NULL);
  PRAGMA user_version = ${schemaVersion};`;

/** How long to wait for a process that is just ending to let go of the file. */
const ownerWaitMs = 1500;

/**
 * Opens the file for this process alone; it is created when it is missing.
 *
 * @throws when another process holds it, it is damaged, or a newer version wrote it.
 */
export function openDatabase(path: string): DatabaseSync {
  const isNew = path === ':memory:' || !existsSync(path);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: ownerWaitMs });
    // The lock is the operating system's: it goes with the process, however that ends.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
    database.exec(
      'PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216',
    );
    prepareSchema(database, isNew);
    return database;
  } catch (error) {
    database?.close();
    throw new Error(explained(path, error), { cause: error });
  }
}

function prepareSchema(database: DatabaseSync, isNew: boolean): void {
  database.exec('BEGIN IMMEDIATE');
  const found = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (found === 0) database.exec(schema);
  else if (found !== schemaVersion) {
    throw new Error(`it has the format ${String(found)}, this program knows ${schemaVersion}`);
  } else if (!isNew) checkHealth(database);
  database.exec('COMMIT');
}

/** Looks at the pages that hold the structure; a full check would read the whole file. */
function checkHealth(database: DatabaseSync): void {
  const tables = ['instances', 'history', 'inbox', 'tasks', 'timers', 'entities', 'entity_inbox'];
  for (const table of tables) database.prepare(`SELECT * FROM ${table} LIMIT 1`).get();
}

const sqliteBusy = 5;
const sqliteCorrupt: readonly number[] = [11, 26];
const sqliteFull = 13;

function explained(path: string, error: unknown): string {
  const code = errorCode(error);
  const reason = reasonOf(error);
  if (code === sqliteBusy) {
    return `Another process uses ${path}. Stop it, or choose another data folder.`;
  }
  if (code !== undefined && sqliteCorrupt.includes(code)) {
    return `${path} is damaged (${reason}). Move it away to start empty, or restore a copy.`;
  }
  if (code === sqliteFull) return `No space is left for ${path}. Free some and start again.`;
  return `${path} cannot be used: ${reason}. Correct this, or choose another data folder.`;
}

/** The primary SQLite code of an error; undefined for errors of another kind. */
function errorCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}
