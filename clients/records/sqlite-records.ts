import type Sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';

import type { RecordKind, RecordTypes } from '../../domain/records';
import type { Page, Records, Stored } from './records';

interface Row {
  readonly id: string;
  readonly etag: number;
  readonly body: string;
}

/**
 * Records in one SQLite file, for one process at a time. Every write is synced to the disk before it
 * is acknowledged; writes of one turn of the event loop are synced together.
 *
 * @param path of the file, made when missing; `:memory:` keeps nothing.
 */
export function openSqliteRecords(path: string): Records {
  const db = openDatabase(path);
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA busy_timeout = 5000;
    PRAGMA cache_size = -1024;
    CREATE TABLE IF NOT EXISTS records (
      kind TEXT NOT NULL, id TEXT NOT NULL, etag INTEGER NOT NULL, body TEXT NOT NULL,
      PRIMARY KEY (kind, id)
    ) WITHOUT ROWID;
  `);
  return new SqliteRecords(db);
}

/** SQLite is loaded when it is wanted only: not every Node that Steward runs on has it. */
function openDatabase(path: string): DatabaseSync {
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined;
  if (sqlite) return new sqlite.DatabaseSync(path);
  throw new Error(
    `Node ${process.versions.node} has no SQLite: use Node 24, or keep records in 'tables:'.`,
  );
}

class SqliteRecords implements Records {
  readonly #db: DatabaseSync;
  readonly #statements: ReturnType<typeof prepare>;
  #commit: Promise<void> | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = prepare(db);
  }

  get<K extends RecordKind>(kind: K, id: string): Promise<Stored<RecordTypes[K]> | undefined> {
    return this.#settle(() => {
      const row = this.#statements.get.get(kind, id) as Row | undefined;
      return row && { value: decode<K>(row), etag: String(row.etag) };
    });
  }

  insert<K extends RecordKind>(kind: K, id: string, value: RecordTypes[K]): Promise<boolean> {
    return this.#write(
      () => this.#statements.insert.run(kind, id, JSON.stringify(value)).changes === 1,
    );
  }

  put<K extends RecordKind>(kind: K, id: string, value: RecordTypes[K]): Promise<void> {
    return this.#write(() => void this.#statements.put.run(kind, id, JSON.stringify(value)));
  }

  replace<K extends RecordKind>(
    kind: K,
    id: string,
    { value, etag }: { readonly value: RecordTypes[K]; readonly etag: string },
  ): Promise<boolean> {
    return this.#write(() => {
      const body = JSON.stringify(value);
      return this.#statements.replace.run(body, kind, id, Number(etag)).changes === 1;
    });
  }

  remove(kind: RecordKind, id: string, etag?: string): Promise<void> {
    const tag = etag === undefined ? null : Number(etag);
    return this.#write(() => void this.#statements.remove.run(kind, id, tag));
  }

  list<K extends RecordKind>(
    kind: K,
    { limit, after = '' }: { readonly limit: number; readonly after?: string },
  ): Promise<Page<RecordTypes[K]>> {
    return this.#settle(() => {
      const rows = this.#statements.list.all(kind, after, limit + 1) as unknown as Row[];
      const items = rows.slice(0, limit).map((row) => decode<K>(row));
      const last = rows[limit - 1];
      return rows.length > limit && last ? { items, next: last.id } : { items };
    });
  }

  close(): void {
    if (this.#db.isTransaction) this.#db.exec('COMMIT');
    this.#db.close();
  }

  #write<T>(work: () => T): Promise<T> {
    return this.#settle(() => {
      if (!this.#db.isTransaction) {
        this.#db.exec('BEGIN IMMEDIATE');
        this.#commit = this.#commitSoon();
        this.#commit.catch(() => undefined); // whoever wrote hears of it
      }
      return work();
    });
  }

  /** SQLite answers at once; callers hear of it when everything it rests on is on disk. */
  async #settle<T>(work: () => T): Promise<T> {
    const result = work();
    await this.#commit;
    return result;
  }

  #commitSoon(): Promise<void> {
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#commit = undefined;
        try {
          // Gone when a full disk has made SQLite take back all of it, or the store was closed.
          if (this.#db.isOpen) this.#db.exec('COMMIT');
          resolve();
        } catch (error) {
          if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }
}

// A tag that no earlier value of the id had: whoever has read a value that was removed and written
// anew must not take it for the one that is there. Small enough for a number that is counted up.
const freshTag = 'abs(random() % 9007199254740000)';

function prepare(db: DatabaseSync) {
  return {
    get: db.prepare('SELECT id, etag, body FROM records WHERE kind = ? AND id = ?'),
    insert: db.prepare(
      `INSERT OR IGNORE INTO records (kind, id, etag, body) VALUES (?, ?, ${freshTag}, ?)`,
    ),
    put: db.prepare(
      `INSERT INTO records (kind, id, etag, body) VALUES (?, ?, ${freshTag}, ?)
       ON CONFLICT (kind, id) DO UPDATE SET etag = etag + 1, body = excluded.body`,
    ),
    replace: db.prepare(
      'UPDATE records SET etag = etag + 1, body = ? WHERE kind = ? AND id = ? AND etag = ?',
    ),
    remove: db.prepare(
      'DELETE FROM records WHERE kind = ? AND id = ? AND etag = coalesce(?, etag)',
    ),
    list: db.prepare(
      'SELECT id, etag, body FROM records WHERE kind = ? AND id > ? ORDER BY id LIMIT ?',
    ),
  };
}

function decode<K extends RecordKind>(row: Row): RecordTypes[K] {
  return JSON.parse(row.body) as RecordTypes[K];
}
