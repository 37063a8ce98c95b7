import type { Courtesy } from './durable/contract';

/** How long a caller is let go first, at most. */
const longestMs = 50;

/**
 * Lets callers of HTTP functions have their answers before orchestrations go on: in a burst of calls
 * that start some, the last answers would else wait for the first steps of what the others started.
 * The work waits once while there are callers without a break, and has as much time as it lost before
 * it waits again: neither a slow call nor many quick ones keep it up for long.
 */
export class CallersFirst implements Courtesy {
  private calls = 0;
  private waiting: (() => void)[] = [];
  private since = 0;
  private nextAt = 0;
  private usedUp = false;
  private patience: NodeJS.Timeout | undefined;

  /** Counts a call until it is answered. */
  async serve(call: () => Promise<void>): Promise<void> {
    this.calls += 1;
    try {
      await call();
    } finally {
      this.calls -= 1;
      if (this.calls === 0) {
        this.goOn();
        this.usedUp = false;
      }
    }
  }

  get isDue(): boolean {
    return this.calls > 0 && !this.usedUp && performance.now() >= this.nextAt;
  }

  afterwards(work: () => void): void {
    if (this.waiting.length === 0) {
      this.since = performance.now();
      this.patience = setTimeout(() => {
        this.usedUp = true;
        this.goOn();
      }, longestMs).unref();
    }
    this.waiting.push(work);
  }

  private goOn(): void {
    if (this.waiting.length === 0) return;
    clearTimeout(this.patience);
    const now = performance.now();
    this.nextAt = now + (now - this.since);
    for (const work of this.waiting) setImmediate(work);
    this.waiting = [];
  }
}
