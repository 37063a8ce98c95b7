import type { Journal } from '../../journal';
import { objectAt, objectsAt, textAt } from '../../json';
import type { JsonObject } from '../../json';
import type { App } from './app-facts';
import type { TokenPath } from './asked';

/** How often the pods of a workload have asked for a token. */
export interface ProbeCount extends JsonObject {
  readonly cluster: string;
  /** `<namespace>/<Kind>/<name>`. */
  readonly workload: string;
  readonly asked: number;
  readonly failed: number;
  readonly lastError?: string;
  readonly byPath: Readonly<Partial<Record<TokenPath, number>>>;
}

/** A time in which no pod of a workload was ready, although it wants some and had some. */
export interface Gap extends JsonObject {
  readonly cluster: string;
  readonly workload: string;
  readonly from: string;
  /** Absent while it lasts. */
  readonly until?: string;
}

interface Kept {
  readonly cluster: string;
  readonly workload: string;
  readonly app?: App | undefined;
  readonly count?: ProbeCount | undefined;
  readonly gaps: readonly Gap[];
  readonly hadPods: boolean;
}

/** What the probe of apps has found, and what apps are known for; kept with the world. */
export class ProbeStore {
  private readonly journal: Journal;
  private readonly kept = new Map<string, Kept>();

  constructor(journal: Journal) {
    this.journal = journal;
  }

  restore(): void {
    for (const [key, record] of this.journal.load('probe')) {
      this.kept.set(key, {
        cluster: textAt(record, 'cluster') ?? '',
        workload: textAt(record, 'workload') ?? '',
        app: record['app'] as App | undefined,
        count: record['count'] as ProbeCount | undefined,
        gaps: objectsAt(record, 'gaps') as readonly Gap[],
        hadPods: record['hadPods'] === true,
      });
    }
  }

  clear(): void {
    for (const key of this.kept.keys()) this.journal.put('probe', key, undefined);
    this.kept.clear();
  }

  appOf(cluster: string, workload: string): App | undefined {
    return this.find(cluster, workload).app;
  }

  keepApp(cluster: string, workload: string, app: App): void {
    this.keep({ ...this.find(cluster, workload), app });
  }

  /** Counts one token request of a workload. */
  count(
    cluster: string,
    workload: string,
    { path, error }: { readonly path: TokenPath; readonly error?: string | undefined },
  ): void {
    const found = this.find(cluster, workload);
    const { asked = 0, failed = 0, byPath = {}, lastError } = found.count ?? {};
    const last = error ?? lastError;
    const count: ProbeCount = {
      ...{ cluster: cluster.toLowerCase(), workload, asked: asked + 1 },
      failed: failed + (error === undefined ? 0 : 1),
      ...(last !== undefined && { lastError: last }),
      byPath: { ...byPath, [path]: (byPath[path] ?? 0) + 1 },
    };
    this.keep({ ...found, count });
  }

  /** Notes how many pods of a workload are ready, so that a time without any is a gap. */
  noteReady(
    cluster: string,
    workload: string,
    { ready, now }: { ready: number; now: number },
  ): void {
    const found = this.find(cluster, workload);
    const last = found.gaps.at(-1);
    const open = last !== undefined && last.until === undefined;
    if (ready > 0 && found.hadPods && !open) return;
    if (ready === 0 && (!found.hadPods || open)) return;
    const time = new Date(now).toISOString();
    const opened: Gap = { cluster: cluster.toLowerCase(), workload, from: time };
    const gaps = ready === 0 ? [...found.gaps, opened] : closedAt(found.gaps, time);
    this.keep({ ...found, hadPods: true, gaps });
  }

  /** A workload that wants no pods has no gap. */
  forgetReady(cluster: string, workload: string): void {
    const found = this.find(cluster, workload);
    if (found.hadPods) this.keep({ ...found, hadPods: false });
  }

  /** Forgets counts and gaps; what apps are stays known. */
  reset(): void {
    for (const one of [...this.kept.values()]) {
      const gaps = one.gaps.filter(({ until }) => until === undefined);
      this.keep({ ...one, gaps, count: undefined });
    }
  }

  report(): JsonObject {
    const all = [...this.kept.values()].sort((one, other) =>
      keyOf(one.cluster, one.workload) < keyOf(other.cluster, other.workload) ? -1 : 1,
    );
    return {
      workloads: all.flatMap(({ count }) => count ?? []),
      gaps: all.flatMap(({ gaps }) => gaps),
    };
  }

  private find(cluster: string, workload: string): Kept {
    return (
      this.kept.get(keyOf(cluster, workload)) ?? {
        ...{ cluster: cluster.toLowerCase(), workload },
        ...{ gaps: [], hadPods: false },
      }
    );
  }

  private keep(one: Kept): void {
    const key = keyOf(one.cluster, one.workload);
    this.kept.set(key, one);
    this.journal.put('probe', key, objectAt(JSON.parse(JSON.stringify(one)) as JsonObject));
  }
}

function closedAt(gaps: readonly Gap[], until: string): readonly Gap[] {
  return gaps.map((gap) => (gap.until === undefined ? { ...gap, until } : gap));
}

function keyOf(cluster: string, workload: string): string {
  return `${cluster.toLowerCase()} ${workload}`;
}
