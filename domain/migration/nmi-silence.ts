/**
 * Whether anybody still asks NMI for tokens, by its metric, which counts requests per namespace for as long as the process
 * lives. Source: aad-pod-identity `pkg/metrics`.
 */

/** What one NMI process has counted. */
export interface NmiCounts {
  /** Unix seconds; another value is another process, which began to count anew. */
  readonly processStart?: number;
  /** Tokens that were given, by the namespace that asked; empty where NMI did not know it. */
  readonly requests: Readonly<Record<string, number>>;
}

/** Counts by NMI pod. */
export type NmiReading = Readonly<Record<string, NmiCounts>>;

const counter = 'aadpodidentity_nmi_operations_duration_seconds_count';
const tokenPath = /\/(oauth2|host)\/token/i;

/** Reads the text of an NMI pod's metrics endpoint. Lines that are no samples count for nothing. */
export function readNmiMetrics(text: string): NmiCounts {
  const samples = text.split('\n').flatMap((line) => readSample(line) ?? []);
  const start = samples.find(({ name }) => name === 'process_start_time_seconds');
  const requests = summed(
    samples
      .filter(({ name, operation }) => name === counter && tokenPath.test(operation))
      // Whoever is refused does not live on NMI: there are such, for years, and nobody looks.
      .filter(({ status }) => !/^[45]/.test(status))
      .map(({ namespace, value }) => [namespace, value]),
  );
  return { requests, ...(start && { processStart: start.value }) };
}

function summed(counts: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries(sums);
}

/** Tokens by namespace that all NMI pods together have given. */
export function tokensByNamespace(reading: NmiReading): Readonly<Record<string, number>> {
  return summed(Object.values(reading).flatMap(({ requests }) => Object.entries(requests)));
}

export interface RequestsBetween {
  /** At least so many requests came from the namespaces between the two readings; only those with any. */
  readonly asked: Readonly<Record<string, number>>;
  /** NMI pods of which some time in between is not known: they restarted, went, or could not be read. */
  readonly gaps: readonly string[];
}

/** What NMI was asked between two readings. A counter that fell, or a process that is another one, began at zero. */
export function requestsBetween(before: NmiReading, now: NmiReading): RequestsBetween {
  const pods = Object.entries(now).map(([pod, counts]) => {
    const earlier = before[pod];
    return { pod, counts, earlier, restarted: hasRestarted(earlier, counts) };
  });
  const gone = Object.keys(before).filter((pod) => now[pod] === undefined);
  const more = pods.flatMap(({ counts, earlier, restarted }) =>
    increases(counts, restarted ? undefined : earlier),
  );
  const gaps = [...gone, ...pods.filter(({ restarted }) => restarted).map(({ pod }) => pod)];
  return { asked: summed(more), gaps: gaps.sort() };
}

function increases(
  { requests }: NmiCounts,
  earlier: NmiCounts | undefined,
): readonly (readonly [string, number])[] {
  return Object.entries(requests)
    .map(([namespace, count]) => [namespace, count - (earlier?.requests[namespace] ?? 0)] as const)
    .filter(([, more]) => more > 0);
}

/** A pod that is new has not: it has counted since it was born. */
function hasRestarted(before: NmiCounts | undefined, now: NmiCounts): boolean {
  if (before === undefined) return false;
  const starts = [before.processStart, now.processStart].filter((start) => start !== undefined);
  if (new Set(starts).size > 1) return true;
  return Object.entries(before.requests).some(
    ([namespace, count]) => (now.requests[namespace] ?? 0) < count,
  );
}

interface Sample {
  readonly name: string;
  readonly namespace: string;
  readonly operation: string;
  /** Of the answer; empty where the sample has none. */
  readonly status: string;
  readonly value: number;
}

// Labels are told apart by their quotes: a value may hold any other character, braces and commas too.
const samplePattern =
  /^([a-zA-Z_:][\w:]*)(?:\{((?:\s*\w+\s*=\s*"(?:[^"\\]|\\.)*"\s*,?)*)\s*\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;
const labelPattern = /(\w+)\s*=\s*"((?:[^"\\]|\\.)*)"/g;

/** One line of the Prometheus text format; undefined for a comment or what is no sample. */
function readSample(line: string): Sample | undefined {
  const [, name, labels = '', number = ''] = samplePattern.exec(line.trim()) ?? [];
  const value = Number(number);
  if (name === undefined || !Number.isFinite(value)) return undefined;
  const texts = new Map(
    [...labels.matchAll(labelPattern)].map(([, key = '', text = '']) => [key, unescaped(text)]),
  );
  const labelled = (label: string): string => texts.get(label) ?? '';
  return {
    name,
    namespace: labelled('namespace'),
    operation: labelled('operation_type'),
    status: labelled('status_code'),
    value,
  };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_all, char: string) => (char === 'n' ? '\n' : char));
}
