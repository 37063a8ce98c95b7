import type { DatabaseSync } from 'node:sqlite';
import { HostError } from '../../host-error';
import type { EngineOptions } from '../contract';
import { stoppedWorking, troubleOf } from './store-errors';

/** How long a failing store is left alone: longer each time, until it has worked for a while. */
const pausesMs = { shortest: 250, longest: 5000 };
const soundAfterMs = 60_000;

/** More than what a store keeps in reserve, so that a full disk is noticed. */
const probeBytes = 65_536;

interface Context {
  readonly options: EngineOptions;
  /** Takes everything up again from the store. */
  readonly reopen: () => void;
}

/** The store cannot be used now. */
export class StoreUnavailable extends HostError {}

/**
 * From a failure of the store to the moment when it works again: one line in the log for each, and
 * no work in between. A damaged store is left alone for good.
 */
export class StoreFaults {
  private readonly database: DatabaseSync;
  private readonly context: Context;
  private reason: string | undefined;
  private retry: NodeJS.Timeout | undefined;
  private pauseMs = pausesMs.shortest;
  private soundSince = 0;

  constructor(database: DatabaseSync, context: Context) {
    this.database = database;
    this.context = context;
  }

  get present(): boolean {
    return this.reason !== undefined;
  }

  /** @throws StoreUnavailable while there is a fault */
  refuse(): void {
    if (this.reason !== undefined) throw new StoreUnavailable(this.reason);
  }

  /** Something that used the store failed. */
  report(error: unknown): void {
    if (this.present) return;
    this.reason = stoppedWorking(error);
    this.context.options.log('error', this.reason);
    if (troubleOf(error) === 'damaged') return;
    const lasted = performance.now() - this.soundSince > soundAfterMs;
    this.wait(lasted ? pausesMs.shortest : this.pauseMs);
  }

  stop(): void {
    clearTimeout(this.retry);
  }

  private wait(pauseMs: number): void {
    this.pauseMs = Math.min(pauseMs * 2, pausesMs.longest);
    this.retry = setTimeout(() => {
      this.tryAgain();
    }, pauseMs);
  }

  private tryAgain(): void {
    try {
      this.probe();
    } catch {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      this.wait(this.pauseMs); // What is wrong has been said.
      return;
    }
    this.reason = undefined;
    this.soundSince = performance.now();
    this.context.options.log('information', 'The store works again; orchestrations go on.');
    this.context.reopen();
  }

  /** Writes something to disk and takes it back. */
  private probe(): void {
    this.database.exec(`
      BEGIN IMMEDIATE;
      INSERT OR REPLACE INTO inbox (id, target, body) VALUES (-1, -1, zeroblob(${probeBytes}));
      COMMIT;
      DELETE FROM inbox WHERE id = -1;`);
  }
}
