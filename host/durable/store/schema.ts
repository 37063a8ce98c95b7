import type { DatabaseSync } from 'node:sqlite';

/**
 * Format 1. `instances.key` is never used twice, so whatever is addressed to an instance that was
 * replaced or purged goes nowhere. One row of `history` is one run of the orchestrator.
 */
const firstFormat = `
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
  CREATE TABLE entity_inbox (id INTEGER PRIMARY KEY, target INTEGER NOT NULL, body TEXT NOT NULL);`;

/**
 * What carries a store from format 1 to 2, from 2 to 3 and so on. A step that was released is never
 * edited; a change of the tables is one more step.
 */
export const migrations: readonly string[] = [
  // Names of the external events that an instance waits for, as a JSON list: `trace` shows them.
  'ALTER TABLE instances ADD COLUMN awaits TEXT',
];

/**
 * Brings a store, new or old, to the format that this program knows, in one transaction: an
 * interruption leaves it as it was.
 *
 * @throws when a newer version, or another program, wrote it
 */
export function prepareSchema(database: DatabaseSync, steps = migrations): void {
  const known = steps.length + 1;
  database.exec('BEGIN IMMEDIATE');
  const found = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (found > known) {
    throw new Error(`it has the format ${found}, this program knows ${known}`);
  }
  if (found === 0) {
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
    if (!isEmpty) throw new Error('another program made it');
    database.exec(firstFormat);
  }
  for (const step of steps.slice(Math.max(found, 1) - 1)) database.exec(step);
  if (found < known) database.exec(`PRAGMA user_version = ${known}`);
  database.exec('COMMIT');
}
