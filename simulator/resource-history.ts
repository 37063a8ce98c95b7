import type { Clock } from './clock';
import type { Journal } from './journal';
import { isObject, textAt } from './json';
import type { Resource, ResourceStore } from './resource-store';

/** One change of a resource, as Resource Graph may come to know it. */
export interface Change {
  /** Counts all changes of the world. */
  readonly sequence: number;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly id: string;
  /** Undefined for a resource that is new. */
  readonly before: Resource | undefined;
  /** Undefined for a deletion. */
  readonly after: Resource | undefined;
}

/** "Changes are queryable for fourteen days": Resource Graph's article on resource changes. */
const longestMs = 14 * 24 * 60 * 60_000;
/** Keeps memory in bounds where simulated days pass in minutes; the oldest go first. */
const most = 20_000;

/** What became of the world's resources since it was made, newest last; it survives a restart. */
export class ResourceHistory {
  private readonly journal: Journal;
  private readonly clock: Clock;
  private readonly isWatched: (resource: Resource) => boolean;
  private changes: Change[] = [];
  private sequence = 0;
  private silent = false;

  constructor(journal: Journal, clock: Clock, isWatched: (resource: Resource) => boolean) {
    this.journal = journal;
    this.clock = clock;
    this.isWatched = isWatched;
  }

  /** Number of the last change. */
  get last(): number {
    return this.sequence;
  }

  /** All changes that are kept, oldest first. */
  get all(): readonly Change[] {
    return this.changes;
  }

  note(before: Resource | undefined, after: Resource | undefined): void {
    const known = after ?? before;
    if (this.silent || known === undefined || !this.isWatched(known)) return;
    this.sequence += 1;
    const change = { sequence: this.sequence, time: this.clock.now(), id: known.id, before, after };
    this.changes.push(change);
    const { time, id } = change;
    this.journal.put('change', String(this.sequence), { time, id, before: before ?? null });
    if (this.sequence % 256 === 0) this.prune(time);
  }

  /** Forgets everything; what `run` does to the world has always been so. */
  startOver(run: () => void): void {
    this.drop(this.changes.length);
    this.silent = true;
    try {
      run();
    } finally {
      this.silent = false;
    }
  }

  /** Takes up what an earlier process left, once the resources are there. */
  restore(resources: ResourceStore): void {
    const newestFirst = [...this.journal.load('change')].reverse();
    const later = new Map<string, Resource | undefined>();
    const found = newestFirst.map(([key, saved]): Change => {
      const { time, before } = saved;
      const id = textAt(saved, 'id') ?? '';
      const name = id.toLowerCase();
      const after = later.has(name) ? later.get(name) : resources.get(name);
      const earlier = isObject(before) ? (before as Resource) : undefined;
      later.set(name, earlier);
      return { sequence: Number(key), time: Number(time), id, before: earlier, after };
    });
    this.changes = found.reverse();
    this.sequence = this.changes.at(-1)?.sequence ?? 0;
  }

  private prune(now: number): void {
    const old = this.changes.findIndex(({ time }) => time > now - longestMs);
    this.drop(Math.max(old, this.changes.length - most));
  }

  private drop(count: number): void {
    for (const { sequence } of this.changes.splice(0, count)) {
      this.journal.put('change', String(sequence), undefined);
    }
  }
}
