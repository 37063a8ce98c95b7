import type { DatabaseSync } from 'node:sqlite';
import { closestIds } from './closest-ids';
import type { InstanceTrace, Trace } from './contract';
import { entityOf } from './entities/entity-store';
import { unpackEpisode } from './history';
import { recordOf } from './instance';
import { instanceOf } from './store/instance-store';

/** More ids than this are not compared with a mistyped one. */
const comparedIds = 5000;

/** Reads what is to be told about an instance, or an entity (`@name@key`). */
export function readTrace(database: DatabaseSync, id: string): Trace {
  const table = id.startsWith('@') ? 'entities' : 'instances';
  const row = database.prepare(`SELECT * FROM ${table} WHERE id = ?`).get(id);
  if (row === undefined) return { kind: 'unknown', closest: similar(database, table, id) };
  if (table === 'instances') return instanceTrace(database, row);
  const { exists, state, lock, waiting, updatedAt } = entityOf(row);
  return {
    kind: 'entity',
    id,
    exists,
    state,
    lockedBy: lock?.holder,
    waiting: waiting.length,
    lastOperationAt: updatedAt,
  };
}

function instanceTrace(
  database: DatabaseSync,
  row: Parameters<typeof instanceOf>[0],
): InstanceTrace {
  const instance = instanceOf(row);
  const { key, generation, awaits } = instance;
  const all = (sql: string) => database.prepare(sql).all(key);
  const history = all('SELECT events FROM history WHERE instance = ? ORDER BY row');
  const timers = all('SELECT timer FROM timers WHERE instance = ?');
  return {
    kind: 'instance',
    instance: recordOf(instance),
    generation,
    history: history.flatMap(({ events }) => unpackEpisode(events as string)),
    awaits,
    timers: timers.map(({ timer }) => timer as number),
    arrived: all('SELECT id FROM inbox WHERE target = ?').length,
  };
}

function similar(database: DatabaseSync, table: string, id: string): string[] {
  const rows = database
    .prepare(`SELECT id FROM ${table} ORDER BY key DESC LIMIT ?`)
    .all(comparedIds);
  return closestIds(
    id,
    rows.map((row) => row['id'] as string),
  );
}
