import type { Clock } from '../clock';
import { canonical, objectAt, objectsAt, textAt, withAt } from '../json';
import type { JsonObject } from '../json';
import type { Change, ObjectSource } from './object-source';
import type { KubeObject } from './resource-table';

interface Entry {
  readonly state: string;
  readonly object: KubeObject;
}

const kept = 1000;
const lookEveryMs = 15_000; // simulated

/**
 * What an API server remembers of one computed resource, so that watches can go on from a resource version. Like the real one it
 * begins empty after a restart: older versions are expired then.
 */
export class WatchCache implements ObjectSource {
  private readonly entries = new Map<string, Entry>();
  private readonly changes: Change[] = [];
  private readonly watchers = new Set<(change: Change) => void>();
  private readonly read: () => readonly KubeObject[];
  private readonly clock: Clock;
  private oldest: number;
  private latest: number;
  private stopLooking: (() => void) | undefined;

  constructor(read: () => readonly KubeObject[], clock: Clock) {
    this.read = read;
    this.clock = clock;
    this.latest = clock.now() * 1000;
    for (const object of read()) this.remember(object, this.latest);
    this.oldest = this.latest;
  }

  get version(): number {
    return this.latest;
  }

  /** Objects with their resource versions, as they are now. */
  list(): readonly KubeObject[] {
    this.sync();
    const names = [...this.entries.keys()].sort();
    return names.flatMap((name) => this.entries.get(name)?.object ?? []);
  }

  /** Changes after a version; undefined when they are no longer known. */
  since(version: number): readonly Change[] | undefined {
    this.sync();
    if (version < this.oldest || version > this.latest) return undefined;
    return this.changes.filter((change) => change.version > version);
  }

  /** Tells every change from now on; the result ends it. While anybody watches, time itself makes it look. */
  watch(tell: (change: Change) => void): () => void {
    this.watchers.add(tell);
    if (this.stopLooking === undefined) this.lookLater();
    return () => {
      this.watchers.delete(tell);
      if (this.watchers.size > 0) return;
      this.stopLooking?.();
      this.stopLooking = undefined;
    };
  }

  /** Finds what has changed since the last look. */
  sync(): void {
    const now = new Map(this.read().map((object) => [nameOf(object), object]));
    for (const [name, { object }] of this.entries) {
      const uid = textAt(now.get(name), 'metadata', 'uid');
      if (uid !== textAt(object, 'metadata', 'uid')) this.forget(name, object);
    }
    for (const [name, object] of now) {
      const before = this.entries.get(name);
      if (before?.state === stateOf(object)) continue;
      const changed = this.remember(object, this.nextVersion());
      this.note({ type: before ? 'MODIFIED' : 'ADDED', version: this.latest, object: changed });
    }
  }

  private forget(name: string, object: KubeObject): void {
    this.entries.delete(name);
    const version = this.nextVersion();
    this.note({ type: 'DELETED', version, object: withVersion(object, version) });
  }

  private remember(object: KubeObject, version: number): KubeObject {
    const versioned = withVersion(object, version);
    this.entries.set(nameOf(object), { state: stateOf(object), object: versioned });
    return versioned;
  }

  private nextVersion(): number {
    this.latest = Math.max(this.latest + 1, this.clock.now() * 1000);
    return this.latest;
  }

  private note(change: Change): void {
    this.changes.push(change);
    if (this.changes.length > kept) this.oldest = this.changes.shift()?.version ?? this.oldest;
    for (const tell of this.watchers) tell(change);
  }

  private lookLater(): void {
    this.stopLooking = this.clock.at(this.clock.now() + lookEveryMs, () => {
      this.sync();
      if (this.watchers.size > 0) this.lookLater();
    });
  }
}

/** What counts as a change: a heartbeat does not. */
function stateOf(object: KubeObject): string {
  const conditions = objectsAt(object, 'status', 'conditions').map((condition) =>
    withAt<JsonObject>(condition, ['lastHeartbeatTime'], undefined),
  );
  return canonical({ ...object, status: { ...objectAt(object, 'status'), conditions } });
}

function withVersion(object: KubeObject, version: number): KubeObject {
  return withAt(object, ['metadata', 'resourceVersion'], String(version));
}

function nameOf(object: KubeObject): string {
  return textAt(object, 'metadata', 'name') ?? '';
}
