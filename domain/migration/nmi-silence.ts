/**
 * Whether anybody still asks NMI for tokens: by its metric, which counts requests per namespace for as long as the
 * process lives, and by its log, which names the address of the pod that asked. Sources: aad-pod-identity `pkg/metrics`,
 * `pkg/nmi/server`.
 */

/** What one NMI process has counted. */
export interface NmiCounts {
  /** Unix seconds; another value is another process, which began to count anew. */
  readonly processStart?: number;
  /** Requests for tokens, successful or not, by the namespace that asked; empty where NMI did not know it. */
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
      .map(({ namespace, value }) => [namespace, value]),
  );
  return { requests, ...(start && { processStart: start.value }) };
}

function summed(counts: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries(sums);
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

/** `unknown`: nothing was seen, and not everything. A namespace that NMI did not know may have been any. */
export function silenceOf(
  namespace: string,
  { asked, gaps }: RequestsBetween,
): 'silent' | 'asked' | 'unknown' {
  if ((asked[namespace] ?? 0) > 0) return 'asked';
  return gaps.length > 0 || (asked[''] ?? 0) > 0 ? 'unknown' : 'silent';
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
  const [namespace = '', operation = ''] = ['namespace', 'operation_type'].map((key) =>
    texts.get(key),
  );
  return { name, namespace, operation, value };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_all, char: string) => (char === 'n' ? '\n' : char));
}

/** A request for a token in NMI's log. */
export interface LoggedRequest {
  /** ISO time. */
  readonly at: string;
  readonly podIp: string;
  readonly status: number;
}

const logged =
  /^[IWEF](\d{2})(\d{2}) (\d{2}:\d{2}:\d{2}\.\d{3})\d*\s.*\bstatus \((\d+)\) took .*\breq\.method=\S+ re[gq]\.path=(\S+) req\.remote=(\S+)/;

/**
 * Requests for tokens that an NMI log tells of.
 *
 * @param between ISO times. A log line has no year: it is from the last year in which it is not after `until`.
 */
export function loggedRequests(
  log: string,
  between: { readonly since: string; readonly until: string },
): readonly LoggedRequest[] {
  const [since, until] = [Date.parse(between.since), Date.parse(between.until)];
  return log.split('\n').flatMap((line) => {
    const [, ...parts] = logged.exec(line) ?? [];
    const [month, day, time, status, path, podIp] = parts;
    if (podIp === undefined || path === undefined || !tokenPath.test(path)) return [];
    const at = lastTime(`${month}-${day}`, `T${time}Z`, until);
    if (at === undefined || at < since) return [];
    return [{ at: new Date(at).toISOString(), podIp, status: Number(status) }];
  });
}

// Clocks of nodes and Steward's differ a little.
const tolerance = 300_000;

function lastTime(day: string, time: string, until: number): number | undefined {
  const year = new Date(until).getUTCFullYear();
  // February 29 is in one of any five years around a leap year, or it is no log of ours.
  const times = [1, 0, -1, -2, -3, -4]
    .map((more) => Date.parse(`${year + more}-${day}${time}`))
    .filter(Number.isFinite);
  return times.find((one) => one <= until + tolerance && isOn(day, one));
}

/** A day that the year does not have would be read as one of the next month. */
function isOn(day: string, time: number): boolean {
  return new Date(time).toISOString().slice(5, 10) === day;
}
