import type { Clock } from './clock';
import type { Journal } from './journal';
import { isObject, textAt } from './json';
import type { JsonObject } from './json';

/** Things that happen at a later simulated time, also after a restart: kept as names and data, never as functions. */
export class Agenda {
  private readonly clock: Clock;
  private readonly journal: Journal;
  private readonly perform: (name: string, details: JsonObject) => void;
  private readonly pending = new Map<string, () => void>();
  private added = 0;

  constructor(
    clock: Clock,
    journal: Journal,
    perform: (name: string, details: JsonObject) => void,
  ) {
    this.clock = clock;
    this.journal = journal;
    this.perform = perform;
  }

  /** Takes up what an earlier process left. */
  restore(): void {
    for (const [key, entry] of this.journal.load('agenda')) {
      this.added = Math.max(this.added, Number(key));
      const details = entry['details'];
      this.arm(key, Number(entry['time']), {
        name: textAt(entry, 'name') ?? '',
        details: isObject(details) ? details : {},
      });
    }
  }

  add(time: number, name: string, details: JsonObject): void {
    this.added += 1;
    const key = String(this.added);
    this.journal.put('agenda', key, { time, name, details });
    this.arm(key, time, { name, details });
  }

  /** Forgets everything. */
  clear(): void {
    for (const [key, cancel] of this.pending) {
      cancel();
      this.journal.put('agenda', key, undefined);
    }
    this.pending.clear();
  }

  private arm(
    key: string,
    time: number,
    { name, details }: { name: string; details: JsonObject },
  ): void {
    const cancel = this.clock.at(time, () => {
      this.pending.delete(key);
      this.journal.put('agenda', key, undefined);
      this.perform(name, details);
    });
    this.pending.set(key, cancel);
  }
}
