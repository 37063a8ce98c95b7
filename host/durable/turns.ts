/** How long the engine keeps the event loop before others get their turn. */
const budgetMs = 4;

/** Shares the event loop between the engine's own work, HTTP requests and timers. */
export class Turns {
  private startedAt: number | undefined;

  /** Whether this turn of the event loop has lasted long enough. */
  isOver(): boolean {
    const now = performance.now();
    if (this.startedAt === undefined) {
      this.startedAt = now;
      setImmediate(() => {
        this.startedAt = undefined;
      });
    }
    return now - this.startedAt > budgetMs;
  }
}

/** What has this long for itself, whatever else happened in this turn of the event loop. */
export function shareOfTurn(): () => boolean {
  const startedAt = performance.now();
  return () => performance.now() - startedAt > budgetMs;
}

/** Runs one function again and again, once for any number of requests in a turn. */
export class Pump {
  private readonly run: () => void;
  private readonly turns: Turns;
  private scheduled = false;
  private stopped = false;

  constructor(turns: Turns, run: () => void) {
    this.turns = turns;
    this.run = run;
  }

  /** Soon: in this turn of the event loop if there is time left, else in the next one. */
  request(): void {
    if (this.scheduled || this.stopped) return;
    this.scheduled = true;
    const start = (): void => {
      this.scheduled = false;
      if (!this.stopped) this.run();
    };
    if (this.turns.isOver()) setImmediate(start);
    else queueMicrotask(start);
  }

  stop(): void {
    this.stopped = true;
  }
}
