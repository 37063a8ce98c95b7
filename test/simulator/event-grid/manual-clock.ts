import type { Clock } from '../../../simulator/clock';

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  private time: number;
  private readonly timers = new Set<{ readonly time: number; readonly run: () => void }>();

  constructor(time: number) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  at(time: number, run: () => void): () => void {
    const timer = { time, run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Runs what is due on the way, each at its time. */
  advance(ms: number): void {
    const target = this.time + ms;
    for (let due = this.nextDue(target); due; due = this.nextDue(target)) {
      this.timers.delete(due);
      this.time = Math.max(this.time, due.time);
      due.run();
    }
    this.time = target;
  }

  private nextDue(target: number) {
    const [first] = [...this.timers].sort((one, other) => one.time - other.time);
    return first !== undefined && first.time <= target ? first : undefined;
  }
}
