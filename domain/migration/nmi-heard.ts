import { requestsBetween } from './nmi-silence';
import type { NmiCounts, NmiReading, RequestsBetween } from './nmi-silence';

/** What is known of each NMI pod (`namespace/name`) of a cluster. */
export type NmiHeard = Readonly<Record<string, HeardPod>>;

export interface HeardPod {
  /** Until when its log was read; from then on nobody may have read it. ISO time. */
  readonly at: string;
  /** What it had counted at the last look at which its metric answered. */
  readonly counts?: NmiCounts;
  /** Where the log tells nothing: the last look that showed requests of a namespace, or could not exclude them. ISO times. */
  readonly asked: Readonly<Record<string, string>>;
}

/** In the place of a namespace: it may have been any. */
const anybody = '*';

/** One look at the NMI pods of a cluster. */
export interface NmiLook {
  /** ISO time. */
  readonly at: string;
  readonly counts: NmiReading;
  /** Pods whose log was read. */
  readonly read: readonly string[];
  /** Pods whose log could not be read. */
  readonly unread: readonly string[];
}

/**
 * What is known after a look. Pure. A log that was read says who asked, unless the process that wrote it is a new one;
 * without it the metric does. A pod that is gone takes its callers with it, for they were on its node.
 *
 * @param before absent for the first look: then no metric can show what was asked before it.
 */
export function heardAfter(before: NmiHeard | undefined, look: NmiLook): NmiHeard {
  return Object.fromEntries([
    ...look.read.map((pod) => [pod, readPod(pod, before, look)] as const),
    ...look.unread.map((pod) => [pod, unreadPod(pod, before, look)] as const),
  ]);
}

function readPod(pod: string, before: NmiHeard | undefined, look: NmiLook): HeardPod {
  const restarted = (between(pod, before, look)?.gaps.length ?? 0) > 0;
  const counts = look.counts[pod];
  const asked = restarted ? { [anybody]: look.at } : {};
  return { at: look.at, ...(counts && { counts }), asked };
}

function unreadPod(pod: string, before: NmiHeard | undefined, look: NmiLook): HeardPod {
  const earlier = before?.[pod] ?? { at: look.at, asked: {} };
  const now = namespacesAsking(between(pod, before, look)).map((name) => [name, look.at]);
  const counts = look.counts[pod];
  return {
    ...earlier,
    ...(counts && { counts }),
    asked: { ...earlier.asked, ...(Object.fromEntries(now) as HeardPod['asked']) },
  };
}

function namespacesAsking(requests: RequestsBetween | undefined): readonly string[] {
  if (requests === undefined) return [anybody];
  const names = Object.keys(requests.asked).map((name) => (name === '' ? anybody : name));
  return requests.gaps.length > 0 ? [...names, anybody] : names;
}

/** What one pod was asked since the last look; undefined where its metric cannot tell. */
function between(pod: string, before: NmiHeard | undefined, { counts }: NmiLook) {
  const now = counts[pod];
  if (before === undefined || now === undefined) return undefined;
  const heard = before[pod];
  if (heard === undefined) return requestsBetween({}, { [pod]: now }); // born since
  return heard.counts && requestsBetween({ [pod]: heard.counts }, { [pod]: now });
}

/**
 * NMI pods that the namespace may have asked within the last hours, for all that their logs and metrics say.
 *
 * @param now ISO time.
 */
export function doubtsOf(
  namespace: string,
  heard: NmiHeard,
  { now, hours }: { readonly now: string; readonly hours: number },
): readonly string[] {
  const from = Date.parse(now) - hours * 3_600_000;
  return Object.entries(heard)
    .filter(([, { asked }]) =>
      [asked[namespace], asked[anybody]].some((at) => at !== undefined && Date.parse(at) > from),
    )
    .map(([pod]) => pod)
    .sort();
}
