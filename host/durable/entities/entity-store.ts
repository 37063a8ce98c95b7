import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { AzureWays } from '../azure-ways';
import type { Commits } from '../store/commits';
import type { EntityMessage } from './entity-messages';
import type { Door } from './entity-batch';

/** An entity as the store keeps it. */
export interface Entity extends Door {
  readonly key: number;
  readonly id: string;
  /** False before the first operation and after a deletion. */
  exists: boolean;
  /** JSON text. */
  state: string | undefined;
  updatedAt: number;
}

/** The entities of the store. */
export class EntityStore {
  private readonly commits: Commits;
  private readonly keepsDeleted: boolean;
  private readonly statements: Record<
    'byId' | 'byKey' | 'insert' | 'update' | 'remove' | 'held' | 'busy',
    StatementSync
  >;

  constructor(database: DatabaseSync, commits: Commits, ways: AzureWays) {
    this.commits = commits;
    this.keepsDeleted = ways.keepsDeletedEntities;
    this.statements = {
      byId: database.prepare('SELECT * FROM entities WHERE id = ?'),
      byKey: database.prepare('SELECT * FROM entities WHERE key = ?'),
      insert: database.prepare(
        "INSERT INTO entities (id, present, waiting, updated) VALUES (?, 0, '[]', ?)",
      ),
      update: database.prepare(
        `UPDATE entities SET present = ?, state = ?, locked_by = ?, lock_id = ?, waiting = ?,
           updated = ? WHERE key = ?`,
      ),
      remove: database.prepare('DELETE FROM entities WHERE key = ?'),
      held: database.prepare('SELECT * FROM entities WHERE locked_by IS NOT NULL'),
      busy: database.prepare("SELECT key FROM entities WHERE waiting <> '[]'"),
    };
  }

  find(id: string): Entity | undefined {
    const row = this.statements.byId.get(id);
    return row && entityOf(row);
  }

  load(key: number): Entity | undefined {
    const row = this.statements.byKey.get(key);
    return row && entityOf(row);
  }

  /** The key of an entity, which gets a row if it has none. */
  keyOf(id: string, now: number): number {
    const row = this.statements.byId.get(id);
    if (row !== undefined) return row['key'] as number;
    this.commits.begin();
    return Number(this.statements.insert.run(id, now).lastInsertRowid);
  }

  /** An entity that does not exist, holds no lock and expects nothing leaves no trace, except on Azure. */
  save(entity: Entity, expectsMore: boolean): void {
    this.commits.begin();
    const { key, exists, state, lock, waiting, updatedAt } = entity;
    const expected = expectsMore || waiting.length > 0 || lock !== undefined;
    if (!exists && !expected && !this.keepsDeleted) {
      this.remove(key);
      return;
    }
    this.statements.update.run(
      ...[exists ? 1 : 0, state ?? null],
      ...(lock === undefined ? [null, null] : [lock.holder, lock.id]),
      ...[JSON.stringify(waiting), updatedAt, key],
    );
  }

  remove(key: number): void {
    this.commits.begin();
    this.statements.remove.run(key);
  }

  /** Entities that are locked. */
  held(): Entity[] {
    return this.statements.held.all().map(entityOf);
  }

  /** Keys of entities with messages that could not be taken yet. */
  busy(): number[] {
    return this.statements.busy.all().map((row) => row['key'] as number);
  }
}

/** An entity from its row. */
export function entityOf(row: Record<string, SQLOutputValue>): Entity {
  const holder = row['locked_by'];
  return {
    key: row['key'] as number,
    id: row['id'] as string,
    exists: row['present'] === 1,
    state: typeof row['state'] === 'string' ? row['state'] : undefined,
    lock: typeof holder === 'string' ? { holder, id: row['lock_id'] as string } : undefined,
    waiting: JSON.parse(row['waiting'] as string) as EntityMessage[],
    updatedAt: row['updated'] as number,
  };
}
