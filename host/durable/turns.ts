import type { Courtesy } from './contract';

/** How long the engine keeps the event loop before others get their turn. */
const budgetMs = 4;

/** Shares the event loop between the engine's own work, HTTP requests and timers. */
export class Turns {
  private readonly courtesy: Courtesy | undefined;
  private startedAt: number | undefined;

  constructor(courtesy?: Courtesy) {
    this.courtesy = courtesy;
  }

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

  /** Runs `work` soon: in this turn if there is time left, else in the next one; after callers that go first. */
  soon(work: () => void): void {
    if (this.courtesy?.isDue === true) this.courtesy.afterwards(work);
    else if (this.isOver()) setImmediate(work);
    else queueMicrotask(work);
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

  request(): void {
    if (this.scheduled || this.stopped) return;
    this.scheduled = true;
    this.turns.soon(() => {
      this.scheduled = false;
      if (!this.stopped) this.run();
    });
  }

  stop(): void {
    this.stopped = true;
  }
}
