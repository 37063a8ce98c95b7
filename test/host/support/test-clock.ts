import type { Clock } from '../../../host/clock';

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #now: number;
  readonly #alarms = new Set<{ readonly time: number; readonly run: () => void }>();

  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  at(time: number, run: () => void): () => void {
    const alarm = { time, run };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Moves on to a time, firing what is due on the way, each at its own time. */
  async moveTo(text: string): Promise<void> {
    const end = Date.parse(text);
    for (;;) {
      await settled();
      const due = [...this.#alarms]
        .filter(({ time }) => time <= end)
        .sort((a, b) => a.time - b.time)[0];
      if (!due) break;
      this.#alarms.delete(due);
      this.#now = Math.max(this.#now, due.time);
      due.run();
    }
    this.#now = end;
    await settled();
  }
}

/** Lets everything run that needs no more than promises. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
