import type { DatabaseSync, StatementSync } from 'node:sqlite';

export interface CommitHooks {
  /** Writes what was put off until the last moment. */
  beforeCommit(): void;
  /** Nothing of the transaction is on disk, and none of its effects will happen. */
  failed(error: unknown): void;
}

/**
 * One transaction per turn of the event loop: everything written in a turn becomes durable
 * together, with one sync of the disk, and only then do its effects happen.
 */
export class Commits {
  private readonly database: DatabaseSync;
  private readonly hooks: CommitHooks;
  private readonly beginning: StatementSync;
  private readonly committing: StatementSync;
  private inTransaction = false;
  private scheduled: NodeJS.Immediate | undefined;
  private effects: (() => void)[] = [];
  private rejections: ((error: unknown) => void)[] = [];

  constructor(database: DatabaseSync, hooks: CommitHooks) {
    this.database = database;
    this.hooks = hooks;
    this.beginning = database.prepare('BEGIN IMMEDIATE');
    this.committing = database.prepare('COMMIT');
  }

  /** Opens this turn's transaction if it is not open yet: call it before every write. */
  begin(): void {
    this.schedule();
    if (this.inTransaction) return;
    this.beginning.run();
    this.inTransaction = true;
  }

  /** Runs `effect` once everything written so far is on disk; never if that fails. */
  after(effect: () => void): void {
    this.schedule();
    this.effects.push(effect);
  }

  /** Resolves when everything written so far is on disk, rejects if that fails. */
  settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.after(resolve);
      this.rejections.push(reject);
    });
  }

  /** Ends the turn's transaction now. */
  flush(): void {
    if (this.scheduled !== undefined) clearImmediate(this.scheduled);
    this.scheduled = undefined;
    const { effects } = this;
    try {
      this.hooks.beforeCommit();
      if (this.inTransaction) this.committing.run();
      this.inTransaction = false;
    } catch (error) {
      this.abandon(error);
      this.hooks.failed(error);
      return;
    }
    this.effects = [];
    this.rejections = [];
    for (const effect of effects) effect();
  }

  /** Takes back what this turn has written so far. */
  abandon(error: unknown): void {
    const { rejections } = this;
    this.effects = [];
    this.rejections = [];
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
    this.inTransaction = false;
    for (const reject of rejections) reject(error);
  }

  private schedule(): void {
    this.scheduled ??= setImmediate(() => {
      this.scheduled = undefined;
      this.flush();
    });
  }
}
