import type { Journal } from '../../journal';
import { objectAt, objectsAt } from '../../json';
import type { JsonObject } from '../../json';

/** The same lines, written every minute from one time to another. */
export interface Span extends JsonObject {
  readonly from: number;
  readonly to: number;
  readonly container: string;
  /** Each with the milliseconds after the minute, and its text without the time. */
  readonly lines: readonly { readonly after: number; readonly text: string }[];
}

interface PodLog extends JsonObject {
  readonly spans: readonly Span[];
  /** By label set of the metric. */
  readonly counters: Readonly<Record<string, number>>;
}

const everyMs = 60_000;
const mostSpans = 500;

/** What pods write because tokens are asked for: regular lines, kept as the time in which they came. */
export class TokenLog {
  private readonly journal: Journal;
  private readonly pods = new Map<string, PodLog>();

  constructor(journal: Journal) {
    this.journal = journal;
  }

  restore(): void {
    for (const [key, record] of this.journal.load('token-log')) {
      this.pods.set(key, {
        spans: objectsAt(record, 'spans') as readonly Span[],
        counters: objectAt(record, 'counters') as PodLog['counters'],
      });
    }
  }

  clear(): void {
    for (const key of this.pods.keys()) this.journal.put('token-log', key, undefined);
    this.pods.clear();
  }

  /** Adds what a pod writes at one time, and counts it where that is given. */
  add(
    pod: PodName,
    { time, container, lines }: Pick<Span, 'container' | 'lines'> & { readonly time: number },
    counter?: string,
  ): void {
    const before: PodLog = this.pods.get(keyOf(pod)) ?? { spans: [], counters: {} };
    const text = JSON.stringify(lines);
    const going = before.spans.find(
      (span) =>
        span.to === time - everyMs &&
        span.container === container &&
        JSON.stringify(span.lines) === text,
    );
    const spans =
      going === undefined
        ? [...before.spans, { from: time, to: time, container, lines }].slice(-mostSpans)
        : before.spans.map((span) => (span === going ? { ...span, to: time } : span));
    const counters =
      counter === undefined
        ? before.counters
        : { ...before.counters, [counter]: (before.counters[counter] ?? 0) + 1 };
    this.keep(pod, { spans, counters });
  }

  /** Lines after a time, in their order. */
  linesOf(pod: PodName, since = 0): readonly { time: number; text: string; container: string }[] {
    const found: { time: number; text: string; container: string }[] = [];
    for (const { from, to, container, lines } of this.pods.get(keyOf(pod))?.spans ?? []) {
      const skipped = Math.max(0, Math.ceil((since - from) / everyMs));
      for (let time = from + skipped * everyMs; time <= to; time += everyMs) {
        for (const { after, text } of lines) found.push({ time: time + after, text, container });
      }
    }
    return found.sort((one, other) => one.time - other.time);
  }

  countersOf(pod: PodName): Readonly<Record<string, number>> {
    return this.pods.get(keyOf(pod))?.counters ?? {};
  }

  /** A pod takes what it wrote with it. */
  drop(pod: PodName): void {
    if (!this.pods.delete(keyOf(pod))) return;
    this.journal.put('token-log', keyOf(pod), undefined);
  }

  private keep(pod: PodName, log: PodLog): void {
    this.pods.set(keyOf(pod), log);
    this.journal.put('token-log', keyOf(pod), log);
  }
}

export interface PodName {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

function keyOf({ cluster, namespace, name }: PodName): string {
  return `${cluster.toLowerCase()} ${namespace}/${name}`;
}
