import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../../clock';
import type { Commits } from '../store/commits';

/** Timers fired at once at most, so that many that are due do not hold up everything else. */
const batch = 250;

interface Context {
  readonly commits: Commits;
  readonly clock: Clock;
  readonly fire: Fire;
  /** When a timer set now for a time is let go. */
  readonly letGoAt: (fireAt: number) => number;
  /** Runs what writes to the store; errors are the store's. */
  readonly guard: (run: () => void) => void;
}

type Fire = (instance: number, timer: number, due: number) => void;

/** The durable timers: rows of the store, and one alarm of the clock for the earliest of them. */
export class Alarms {
  private readonly commits: Commits;
  private readonly clock: Clock;
  private readonly fire: Fire;
  private readonly letGoAt: Context['letGoAt'];
  private readonly guard: Context['guard'];
  private readonly statements: Record<
    'insert' | 'remove' | 'clear' | 'due' | 'next',
    StatementSync
  >;
  private armedFor = Infinity;
  private disarm: (() => void) | undefined;
  private running = false;

  constructor(database: DatabaseSync, context: Context) {
    this.commits = context.commits;
    this.clock = context.clock;
    this.fire = context.fire;
    this.letGoAt = context.letGoAt;
    this.guard = context.guard;
    this.statements = {
      insert: database.prepare(
        'INSERT OR REPLACE INTO timers (instance, timer, due) VALUES (?, ?, ?)',
      ),
      remove: database.prepare('DELETE FROM timers WHERE instance = ? AND timer = ?'),
      clear: database.prepare('DELETE FROM timers WHERE instance = ?'),
      due: database.prepare(
        'SELECT instance, timer, due FROM timers WHERE due <= ? ORDER BY due LIMIT ?',
      ),
      next: database.prepare('SELECT min(due) AS due FROM timers'),
    };
  }

  start(): void {
    this.running = true;
    this.arm();
  }

  stop(): void {
    this.running = false;
    this.disarm?.();
    this.armedFor = Infinity;
  }

  set(instance: number, timer: number, fireAt: number): void {
    const due = this.letGoAt(fireAt);
    this.commits.begin();
    this.statements.insert.run(instance, timer, due);
    if (due < this.armedFor) this.armFor(due);
  }

  cancel(instance: number, timer: number): void {
    this.commits.begin();
    this.statements.remove.run(instance, timer);
  }

  clear(instance: number): void {
    this.commits.begin();
    this.statements.clear.run(instance);
  }

  private ring(): void {
    this.armedFor = Infinity;
    const rows = this.statements.due.all(this.clock.now(), batch);
    for (const { instance, timer, due } of rows) {
      this.cancel(instance as number, timer as number);
      this.fire(instance as number, timer as number, due as number);
    }
    this.arm();
  }

  private arm(): void {
    const due = this.statements.next.get()?.['due'];
    if (typeof due === 'number') this.armFor(due);
  }

  private armFor(due: number): void {
    if (!this.running) return;
    this.disarm?.();
    this.armedFor = due;
    this.disarm = this.clock.at(due, () => {
      this.guard(() => {
        this.ring();
      });
    });
  }
}
