import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { isObject } from './json';
import type { Json, JsonObject } from './json';

/** What a world is made of on disk. */
export type RecordKind =
  | 'resource'
  | 'object'
  | 'probe'
  | 'token-log'
  | 'change'
  | 'operation'
  | 'agenda'
  | 'fault'
  | 'event'
  | 'meta';

const schema = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA cache_size = -8000;
  CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, key));
  CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, principal TEXT NOT NULL, provider TEXT NOT NULL,
    operation TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, status INTEGER NOT NULL, target TEXT);
`;

/**
 * The world on disk. Changes are collected and committed together once per turn of the event loop; whoever answers a
 * request waits for `committed()` first, so nothing that was answered can be lost.
 */
export class Journal {
  readonly database: DatabaseSync;
  private readonly durable: boolean;
  private readonly changed = new Map<string, Json | undefined>();
  private readonly statements: { readonly run: () => void }[] = [];
  private commit: Promise<void> | undefined;

  /** Without a folder everything stays in memory. @throws Error when another process holds the folder. */
  constructor(folder: string | undefined) {
    this.durable = folder !== undefined;
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
    this.database = new DatabaseSync(folder === undefined ? ':memory:' : join(folder, 'azure.db'));
    try {
      this.database.exec(schema);
    } catch (error) {
      this.database.close();
      throw new Error(explain(folder ?? ':memory:', error), { cause: error });
    }
  }

  /** Records of a kind in the order they were first written. */
  *load(kind: RecordKind): Generator<readonly [string, JsonObject]> {
    const rows = this.database
      .prepare('SELECT key, body FROM records WHERE kind = ? ORDER BY rowid')
      .iterate(kind);
    for (const { key, body } of rows) {
      const value: unknown = JSON.parse(String(body));
      if (isObject(value)) yield [String(key), value];
    }
  }

  /** Part of the next commit; `undefined` deletes the record. */
  put(kind: RecordKind, key: string, body: JsonObject | undefined): void {
    if (!this.durable) return;
    this.changed.set(`${kind} ${key}`, body);
    this.commitSoon();
  }

  /** Part of the next commit. */
  append(run: () => void): void {
    this.statements.push({ run });
    this.commitSoon();
  }

  /** On disk when it returns, ahead of everything that waits for the next commit. */
  putNow(kind: RecordKind, key: string, body: JsonObject): void {
    if (this.durable) this.write(kind, key, body);
  }

  /**
   * Resolves when everything put before is on disk. Rejects when the disk refuses it; the changes are kept and are part
   * of the next commit, so nothing later is answered without them.
   */
  committed(): Promise<void> {
    this.commit ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.commit = undefined;
        try {
          this.flush();
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    return this.commit;
  }

  close(): void {
    if (!this.database.isOpen) return;
    this.flush();
    this.database.close();
  }

  private flush(): void {
    if (!this.database.isOpen || this.changed.size + this.statements.length === 0) return;
    const records = [...this.changed];
    const statements = this.statements.splice(0);
    this.changed.clear();
    try {
      this.database.exec('BEGIN IMMEDIATE');
      for (const [name, body] of records) {
        const [kind = ''] = name.split(' ', 1);
        this.write(kind, name.slice(kind.length + 1), body);
      }
      for (const { run } of statements) run();
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      for (const [name, body] of records) {
        if (!this.changed.has(name)) this.changed.set(name, body);
      }
      this.statements.unshift(...statements);
      throw error;
    }
  }

  /** Whoever answers a request hears of a failed commit; nobody else has to. */
  private commitSoon(): void {
    this.committed().catch(() => undefined);
  }

  private write(kind: string, key: string, body: Json | undefined): void {
    if (body === undefined) {
      this.delete.run(kind, key);
    } else {
      this.upsert.run(kind, key, JSON.stringify(body));
    }
  }

  private get upsert(): ReturnType<DatabaseSync['prepare']> {
    return this.prepared(
      'INSERT INTO records (kind, key, body) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body',
    );
  }

  private get delete(): ReturnType<DatabaseSync['prepare']> {
    return this.prepared('DELETE FROM records WHERE kind = ? AND key = ?');
  }

  private readonly cache = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  /** The statement for a text, prepared once. */
  prepared(sql: string): ReturnType<DatabaseSync['prepare']> {
    const statement = this.cache.get(sql) ?? this.database.prepare(sql);
    this.cache.set(sql, statement);
    return statement;
  }
}

function explain(place: string, error: unknown): string {
  const cause = error instanceof Error ? error.message : String(error);
  return /locked|busy/i.test(cause)
    ? `The data folder ${place} is in use by another simulated Azure. Stop that one or choose another folder.`
    : `The data folder ${place} cannot be opened: ${cause}. Choose another folder or delete this one.`;
}
