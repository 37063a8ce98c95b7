import type { Clock } from '../../../../host/clock';

/** A clock that stands still until it is moved. */
export class ManualClock implements Clock {
  private time: number;
  private readonly alarms = new Map<symbol, { time: number; run: () => void }>();

  constructor(time = Date.UTC(2031, 0, 1)) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  at(time: number, run: () => void): () => void {
    const id = Symbol('alarm');
    this.alarms.set(id, { time, run });
    return () => {
      this.alarms.delete(id);
    };
  }

  /** Time of the next alarm. */
  get next(): number | undefined {
    const times = [...this.alarms.values()].map(({ time }) => time);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Goes forward (or back: machines do that), ringing what is due on the way. */
  moveTo(time: number): void {
    this.time = time;
    for (const [id, alarm] of [...this.alarms]) {
      if (alarm.time > time) continue;
      this.alarms.delete(id);
      alarm.run();
    }
  }
}
