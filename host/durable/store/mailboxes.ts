import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Commits } from './commits';

/** A message on its way: it is written only if it is still there when the turn's transaction ends. */
interface Letter<Body> {
  readonly body: Body;
  row: number | undefined;
}

/** What is waiting for each instance (or entity), in order of arrival. */
export class Mailboxes<Body> {
  private readonly commits: Commits;
  private readonly insert: StatementSync;
  private readonly remove: StatementSync;
  private readonly select: StatementSync;
  private readonly boxes = new Map<number, Letter<Body>[]>();
  private unwritten = new Map<Letter<Body>, number>();

  constructor(database: DatabaseSync, table: 'inbox' | 'entity_inbox', commits: Commits) {
    this.commits = commits;
    this.insert = database.prepare(`INSERT INTO ${table} (target, body) VALUES (?, ?)`);
    this.remove = database.prepare(`DELETE FROM ${table} WHERE id = ?`);
    this.select = database.prepare(`SELECT id, target, body FROM ${table} ORDER BY id`);
  }

  /**
   * Reads what an earlier process left; the targets that have something waiting. `parse` answers
   * undefined for what cannot be read: it stays in the store and is not delivered.
   */
  recover(parse: (text: string) => Body | undefined): number[] {
    this.clear();
    for (const row of this.select.iterate()) {
      const body = parse(row['body'] as string);
      if (body === undefined) continue;
      this.box(row['target'] as number).push({ body, row: row['id'] as number });
    }
    return [...this.boxes.keys()];
  }

  put(target: number, body: Body): void {
    this.commits.begin();
    const letter: Letter<Body> = { body, row: undefined };
    this.box(target).push(letter);
    this.unwritten.set(letter, target);
  }

  waiting(target: number): readonly Body[] {
    return this.boxes.get(target)?.map(({ body }) => body) ?? [];
  }

  isEmpty(target: number): boolean {
    return (this.boxes.get(target)?.length ?? 0) === 0;
  }

  /** Removes the oldest `count` messages, as part of the turn's transaction. */
  consume(target: number, count: number): void {
    this.commits.begin();
    const box = this.box(target);
    for (const letter of box.splice(0, count)) {
      if (letter.row === undefined) this.unwritten.delete(letter);
      else this.remove.run(letter.row);
    }
    if (box.length === 0) this.boxes.delete(target);
  }

  /** Removes everything addressed to a target that is gone. */
  drop(target: number): void {
    this.consume(target, this.box(target).length);
  }

  /** Writes what nobody has consumed yet. */
  write(format: (body: Body) => string): void {
    for (const [letter, target] of this.unwritten) {
      letter.row = Number(this.insert.run(target, format(letter.body)).lastInsertRowid);
    }
    this.unwritten = new Map();
  }

  clear(): void {
    this.boxes.clear();
    this.unwritten = new Map();
  }

  private box(target: number): Letter<Body>[] {
    const box = this.boxes.get(target);
    if (box !== undefined) return box;
    const made: Letter<Body>[] = [];
    this.boxes.set(target, made);
    return made;
  }
}
