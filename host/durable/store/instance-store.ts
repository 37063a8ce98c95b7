import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Commits } from './commits';
import type { HistoryEvent, RuntimeStatus } from '../contract';
import { packEpisode, unpackEpisode } from '../history';
import type { Instance, NewInstance } from '../instance';

type Row = Record<string, SQLOutputValue>;

/** History entries kept in memory of instances that are not being worked on. */
const cachedEvents = 40_000;
/** What an instance takes up in memory besides its history, in entries: many short ones count too. */
const ownWeight = 8;

/** Instances and their histories: the store, and the most recently used ones in memory. */
export class InstanceStore {
  private readonly commits: Commits;
  private readonly statements: Statements;
  /** Least recently used first. */
  private readonly cache = new Map<number, Instance>();
  private events = 0;

  constructor(database: DatabaseSync, commits: Commits) {
    this.commits = commits;
    this.statements = prepareStatements(database);
  }

  insert(made: NewInstance): Instance {
    this.commits.begin();
    const { id, executionId, name, version, input, createdAt, parent } = made;
    const { lastInsertRowid } = this.statements.insert.run(
      ...[id, executionId, name, version ?? null, input ?? null, createdAt, createdAt],
      ...[parent?.key ?? null, parent?.id ?? null, parent?.task ?? null],
    );
    const instance: Instance = {
      ...made,
      key: Number(lastInsertRowid),
      status: 'Pending',
      output: undefined,
      customStatus: undefined,
      awaits: [],
      updatedAt: createdAt,
      generation: 0,
      history: [],
      rows: 0,
    };
    this.remember(instance);
    return instance;
  }

  find(id: string): Instance | undefined {
    const row = this.statements.byId.get(id);
    return row && (this.cache.get(row['key'] as number) ?? instanceOf(row));
  }

  /** The instance with its history; the same object until it is forgotten. */
  load(key: number): Instance | undefined {
    const cached = this.cache.get(key);
    if (cached !== undefined) {
      this.cache.delete(key);
      this.cache.set(key, cached);
      return cached;
    }
    const row = this.statements.byKey.get(key);
    if (row === undefined) return undefined;
    const instance = instanceOf(row);
    instance.history = this.readHistory(key);
    instance.rows = Number(this.statements.rows.get(key)?.['rows'] ?? 0);
    this.remember(instance);
    return instance;
  }

  readHistory(key: number): HistoryEvent[] {
    return this.statements.history
      .all(key)
      .flatMap((row) => unpackEpisode(row['events'] as string));
  }

  update(instance: Instance): void {
    this.commits.begin();
    const { parent } = instance;
    this.statements.update.run(
      ...[instance.executionId, instance.status, instance.input ?? null, instance.output ?? null],
      ...[instance.customStatus ?? null, instance.updatedAt, awaitedText(instance)],
      instance.generation,
      ...[parent?.key ?? null, parent?.id ?? null, parent?.task ?? null, instance.key],
    );
  }

  /** Adds one run of the orchestrator to the stored history. */
  append(instance: Instance, events: readonly HistoryEvent[]): void {
    this.commits.begin();
    this.statements.append.run(instance.key, instance.rows, packEpisode(events));
    instance.rows += 1;
    this.events += events.length;
  }

  /** Replaces the whole history. */
  rewrite(instance: Instance, history: HistoryEvent[]): void {
    this.commits.begin();
    this.statements.clearHistory.run(instance.key);
    this.forget(instance.key);
    instance.history = history;
    instance.rows = 0;
    if (history.length > 0) this.append(instance, history);
    this.remember(instance);
  }

  /** Removes an instance with its history; its key is not used again. */
  remove(key: number): void {
    this.commits.begin();
    this.forget(key);
    this.statements.clearHistory.run(key);
    this.statements.remove.run(key);
  }

  /** Drops an instance from memory. */
  forget(key: number): void {
    const instance = this.cache.get(key);
    if (instance === undefined) return;
    this.events -= instance.history.length + ownWeight;
    this.cache.delete(key);
  }

  /** Drops the longest unused instances from memory, except those that are busy. */
  trim(isBusy: (key: number) => boolean): void {
    if (this.events <= cachedEvents) return;
    for (const key of [...this.cache.keys()]) {
      if (this.events <= cachedEvents / 2) return;
      if (!isBusy(key)) this.forget(key);
    }
  }

  clear(): void {
    this.cache.clear();
    this.events = 0;
  }

  private remember(instance: Instance): void {
    this.cache.set(instance.key, instance);
    this.events += instance.history.length + ownWeight;
  }
}

type Statements = Record<
  | 'insert'
  | 'byId'
  | 'byKey'
  | 'history'
  | 'rows'
  | 'update'
  | 'append'
  | 'clearHistory'
  | 'remove',
  StatementSync
>;

function prepareStatements(database: DatabaseSync): Statements {
  return {
    insert: database.prepare(
      `INSERT INTO instances (id, execution, name, version, status, input, created, updated,
         parent_key, parent_id, parent_task, generation)
       VALUES (?, ?, ?, ?, 'Pending', ?, ?, ?, ?, ?, ?, 0)`,
    ),
    byId: database.prepare('SELECT * FROM instances WHERE id = ?'),
    byKey: database.prepare('SELECT * FROM instances WHERE key = ?'),
    history: database.prepare('SELECT events FROM history WHERE instance = ? ORDER BY row'),
    rows: database.prepare('SELECT count(*) AS rows FROM history WHERE instance = ?'),
    update: database.prepare(
      `UPDATE instances SET execution = ?, status = ?, input = ?, output = ?, custom_status = ?,
         updated = ?, awaits = ?, generation = ?, parent_key = ?, parent_id = ?, parent_task = ?
       WHERE key = ?`,
    ),
    append: database.prepare('INSERT INTO history (instance, row, events) VALUES (?, ?, ?)'),
    clearHistory: database.prepare('DELETE FROM history WHERE instance = ?'),
    remove: database.prepare('DELETE FROM instances WHERE key = ?'),
  };
}

const textOf = (value: SQLOutputValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** Most instances wait for no event: they have no text. */
function awaitedText({ awaits }: Instance): string | null {
  return awaits.length === 0 ? null : JSON.stringify(awaits);
}

/** An instance from its row, without its history. */
export function instanceOf(row: Row): Instance {
  const parentId = textOf(row['parent_id']);
  return {
    key: row['key'] as number,
    id: row['id'] as string,
    executionId: row['execution'] as string,
    name: row['name'] as string,
    version: textOf(row['version']),
    status: row['status'] as RuntimeStatus,
    input: textOf(row['input']),
    output: textOf(row['output']),
    customStatus: textOf(row['custom_status']),
    createdAt: row['created'] as number,
    updatedAt: row['updated'] as number,
    awaits: JSON.parse(textOf(row['awaits']) ?? '[]') as string[],
    generation: row['generation'] as number,
    parent:
      parentId === undefined
        ? undefined
        : { key: row['parent_key'] as number, id: parentId, task: row['parent_task'] as number },
    history: [],
    rows: 0,
  };
}
