import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Commits } from './commits';
import type { EngineOptions } from '../contract';

/** How often the store is looked after; the machine's time. */
const everyMs = 60_000;

/** So much is done in one turn of the event loop: some milliseconds. */
const slice = { instances: 100, pages: 256 };

/** Space is given back once a quarter of the file, and at least so many pages, are free. */
const worthwhilePages = 256;
const worthwhileShare = 0.25;

interface Context {
  readonly options: EngineOptions;
  readonly commits: Commits;
  readonly remove: (instance: { readonly key: number }) => void;
  /** Runs what writes to the store; errors are the store's. */
  readonly guard: (run: () => void) => void;
}

/**
 * Keeps the store small while it is in use: removes instances that ended long ago, if that is
 * wanted, and gives free space back to the disk. Live instances, and children of live ones, stay.
 */
export class Upkeep {
  private readonly database: DatabaseSync;
  private readonly context: Context;
  private readonly ended: StatementSync;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(database: DatabaseSync, context: Context) {
    this.database = database;
    this.context = context;
    this.ended = database.prepare(`
      SELECT key FROM instances AS old
      WHERE created < ?1 AND updated < ?1 AND status IN ('Completed', 'Failed', 'Terminated')
        AND NOT EXISTS (SELECT 1 FROM instances AS parent WHERE parent.key = old.parent_key
          AND parent.status NOT IN ('Completed', 'Failed', 'Terminated'))
      ORDER BY created LIMIT ${slice.instances}`);
  }

  start(): void {
    this.timer = setTimeout(() => {
      void this.run().then(() => {
        if (!this.stopped) this.start();
      });
    }, everyMs).unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** One round, in slices between which everything else goes on. */
  async run(): Promise<void> {
    const purged = await this.inSlices(() => this.purgeSome());
    if (purged > 0) this.say(`Purged ${purged} orchestrations that ended long enough ago.`);
    if (!this.isWorthwhile()) return;
    const freed = await this.inSlices(() => this.freeSome());
    const kilobytes = Math.round((freed * this.pragma('page_size')) / 1024);
    if (freed > 0) this.say(`The store gave back ${kilobytes} KB that it no longer needs.`);
  }

  /** Repeats `act` until it answers that it did nothing; the sum of what it did. */
  private async inSlices(act: () => number): Promise<number> {
    let sum = 0;
    while (!this.stopped) {
      let count = 0;
      this.context.guard(() => {
        this.context.commits.begin();
        count = act();
      });
      if (count === 0) break;
      try {
        await this.context.commits.settled();
      } catch {
        break; // The store has failed, which was said; the next round goes on.
      }
      sum += count;
    }
    return sum;
  }

  private purgeSome(): number {
    const { purgeAfterMs = Infinity, clock } = this.context.options;
    if (purgeAfterMs === Infinity) return 0;
    const rows = this.ended.all(clock.now() - purgeAfterMs);
    for (const { key } of rows) this.context.remove({ key: key as number });
    return rows.length;
  }

  private isWorthwhile(): boolean {
    const free = this.pragma('freelist_count');
    return free >= worthwhilePages && free > this.pragma('page_count') * worthwhileShare;
  }

  private freeSome(): number {
    const before = this.pragma('freelist_count');
    if (before === 0) return 0;
    this.database.exec(`PRAGMA incremental_vacuum(${slice.pages})`);
    return before - this.pragma('freelist_count');
  }

  private pragma(name: 'freelist_count' | 'page_count' | 'page_size'): number {
    return Number(this.database.prepare(`PRAGMA ${name}`).get()?.[name]);
  }

  private say(message: string): void {
    this.context.options.log('information', message);
  }
}
