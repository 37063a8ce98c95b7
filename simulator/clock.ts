import { TimerQueue } from './timer-queue';

/** Time as the simulated Azure and everything started with it see it, in epoch milliseconds. */
export interface Clock {
  now(): number;
  /** Calls `run` once at or after `time`; the result cancels it. */
  at(time: number, run: () => void): () => void;
}

export type ClockMode = 'running' | 'stepped';

/** Where the clock keeps the promise that a later start does not run backwards. */
export interface ClockLease {
  /** No time after this one was ever given out; undefined before the first start. */
  readonly until: number | undefined;
  /** On disk when it returns. */
  extend(until: number): void;
}

export interface ClockOptions {
  /** Time of the first start; with a lease from an earlier run, that one wins. */
  readonly start: number;
  /** Simulated milliseconds in one real millisecond. */
  readonly speed: number;
  readonly lease?: ClockLease;
  /** `running` unless given. */
  readonly mode?: ClockMode;
}

const leaseMs = 2 * 60_000;
const longestTimeoutMs = 2 ** 31 - 1;

/** The machine's time of day: for tokens, which the outside world judges. Simulated things never use it. */
export function machineNow(): number {
  return Date.now();
}

/**
 * A clock that runs at a multiple of the machine's speed and can be moved forward by hand.
 *
 * With a lease it continues where an earlier process stood. After a crash it continues at the end of the lease, at most
 * two simulated minutes further on: no observed time ever repeats, and no time passes while nothing runs.
 */
export class SimulatedClock implements Clock {
  private currentSpeed: number;
  private readonly queue = new TimerQueue();
  private readonly lease: ClockLease | undefined;
  private leasedUntil: number;
  private anchorTime: number;
  private anchorMachine = performance.now();
  private currentMode: ClockMode;
  private timeout: NodeJS.Timeout | undefined;

  constructor({ start, speed, lease, mode = 'running' }: ClockOptions) {
    this.currentSpeed = speed;
    this.currentMode = mode;
    this.lease = lease;
    this.anchorTime = lease?.until ?? start;
    this.leasedUntil = lease?.until ?? Number.NEGATIVE_INFINITY;
  }

  /** Simulated milliseconds in one real millisecond, while it runs. */
  get speed(): number {
    return this.currentSpeed;
  }

  get mode(): ClockMode {
    return this.currentMode;
  }

  now(): number {
    const time = this.read();
    if (time > this.leasedUntil && this.lease !== undefined) {
      this.leasedUntil = time + leaseMs;
      this.lease.extend(this.leasedUntil);
    }
    return time;
  }

  at(time: number, run: () => void): () => void {
    const timer = this.queue.add(time, run);
    this.arm();
    return () => {
      timer.canceled = true;
    };
  }

  /** Moves time forward. Timers on the way run in their order, each at its own time, also those they add. */
  advance(ms: number): void {
    const target = this.now() + ms;
    for (let due = this.queue.takeDue(target); due; due = this.queue.takeDue(target)) {
      this.moveTo(due.time);
      this.run(due.run);
    }
    this.moveTo(target);
    this.arm();
  }

  /** In `stepped` mode only `advance` moves time. */
  setMode(mode: ClockMode): void {
    this.anchorTime = this.read();
    this.anchorMachine = performance.now();
    this.currentMode = mode;
    this.arm();
  }

  setSpeed(speed: number): void {
    this.anchorTime = this.read();
    this.anchorMachine = performance.now();
    this.currentSpeed = speed;
    this.arm();
  }

  /** Runs what is due now, for callers that must not see a state older than the time. */
  catchUp(): void {
    for (let due = this.queue.takeDue(this.now()); due; due = this.queue.takeDue(this.now())) {
      this.run(due.run);
    }
    this.arm();
  }

  /** Stops the timers and gives back the rest of the lease. */
  close(): void {
    clearTimeout(this.timeout);
    this.timeout = undefined;
    this.setMode('stepped');
    if (this.lease !== undefined) this.lease.extend(this.read());
    this.leasedUntil = this.read();
  }

  private read(): number {
    if (this.currentMode === 'stepped') return this.anchorTime;
    const elapsed = performance.now() - this.anchorMachine;
    return Math.floor(this.anchorTime + elapsed * this.speed);
  }

  private moveTo(time: number): void {
    if (time <= this.read()) return;
    this.anchorTime = time;
    this.anchorMachine = performance.now();
    this.now();
  }

  private run(timer: () => void): void {
    try {
      timer();
    } catch (error) {
      this.arm();
      throw error;
    }
  }

  private arm(): void {
    clearTimeout(this.timeout);
    this.timeout = undefined;
    const next = this.queue.peek();
    if (next === undefined) return;
    const delay = Math.ceil((next.time - this.read()) / this.speed);
    if (this.currentMode === 'stepped' && delay > 0) return;
    this.timeout = setTimeout(
      () => {
        this.catchUp();
      },
      Math.min(Math.max(delay, 0), longestTimeoutMs),
    );
    this.timeout.unref();
  }
}
