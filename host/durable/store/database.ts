import { chmodSync, existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { HostError } from '../../host-error';
import { prepareSchema } from './schema';
import { cannotOpen } from './store-errors';

/** How long to wait for a process that is just ending to let go of the file. */
const ownerWaitMs = 1500;

/** Up to this size a file is read whole when it is opened, to see whether it is sound. */
const fullCheckBytes = 128 * 1024 * 1024;

/**
 * Opens the file for this process alone; it is created when it is missing, and carried to today's
 * format when an older version wrote it.
 *
 * @throws HostError when another process holds it, it is damaged, or a newer version wrote it.
 */
export function openDatabase(path: string): DatabaseSync {
  const isNew = !existsSync(path); // `:memory:` too
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: ownerWaitMs });
    // What it keeps is nobody else's to read; the files beside it take its mode over.
    if (path !== ':memory:') chmodSync(path, 0o600);
    // The lock is the operating system's: it goes with the process, however that ends.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    // Free pages can be given back bit by bit only if that is said before the first table is made.
    if (isNew) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(
      'PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216',
    );
    checkHealth(database, path);
    prepareSchema(database);
    // Older files keep the space of what was removed: they are written anew, once.
    if (!givesSpaceBack(database)) database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
    return database;
  } catch (error) {
    database?.close();
    throw new HostError(cannotOpen(path, error), { cause: error });
  }
}

/** @throws for a file whose structure is broken; of a large one only the roots are looked at */
function checkHealth(database: DatabaseSync, path: string): void {
  if (path !== ':memory:' && statSync(path).size > fullCheckBytes) {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    for (const { name } of tables) database.prepare(`SELECT 1 FROM ${String(name)}`).get();
    return;
  }
  const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (found === 'ok') return;
  const reason = String(found).replaceAll('\n', ' ').replaceAll('*** ', '');
  throw Object.assign(new Error(reason), { errcode: 11 });
}

function givesSpaceBack(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA auto_vacuum').get()?.['auto_vacuum'] === 2;
}
