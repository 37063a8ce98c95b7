import { toMilliseconds } from '../time-span';
import { type Crontab, parseCrontab } from './ncrontab';
import { openTimeZone, type TimeZone } from './time-zone';

/** When a timer fires. */
export interface Schedule {
  /** The first occurrence after `time` (epoch milliseconds); undefined if there is none left */
  next(time: number): number | undefined;
  /** True for a constant interval, false for a calendar schedule */
  readonly isInterval: boolean;
  /** It comes more than once a minute: too often for the monitor. */
  readonly isFrequent: boolean;
  /** Where its times are meant and written */
  readonly zone: TimeZone;
}

/**
 * Reads a schedule: an NCRONTAB expression, or a time span.
 * @throws Error when it is neither, and for a time zone that is not known
 */
export function parseSchedule(expression: string, timezone: string): Schedule {
  const zone = openTimeZone(timezone);
  const crontab = parseCrontab(expression);
  if (crontab) {
    const next = (time: number): number | undefined => nextInZone(crontab, zone, time);
    return { isInterval: false, isFrequent: crontab.frequent, zone, next };
  }
  const interval = toMilliseconds(expression) ?? toDays(expression);
  if (interval !== undefined && interval > 0) {
    const next = (time: number): number => time + interval;
    return { isInterval: true, isFrequent: interval < 60_000, zone, next };
  }
  throw new Error(
    `The schedule expression '${expression}' was not recognized as a valid cron expression or timespan string.`,
  );
}

/** A time span that is one number is that many days. */
function toDays(text: string): number | undefined {
  return /^\s*\d{1,7}\s*$/.test(text) ? Number(text) * 86_400_000 : undefined;
}

/**
 * When an hour comes twice, what repeats goes on through both of them, and a time of the day comes in
 * the first one only.
 */
function nextInZone(crontab: Crontab, zone: TimeZone, time: number): number | undefined {
  if (crontab.repeats) return nextRepeated(crontab, zone, time);
  let wallTime = crontab.next(time + zone.offsetAt(time));
  while (wallTime !== undefined) {
    const [first] = zone.timesOf(wallTime);
    if (first > time) return first;
    wallTime = crontab.next(wallTime);
  }
  return undefined;
}

/** Both readings of the wall clock count; the earliest one after `time` is next. */
function nextRepeated(crontab: Crontab, zone: TimeZone, time: number): number | undefined {
  const walls = [time + zone.offsetAt(time), time + zone.offsetAt(time + 86_400_000)];
  const times = walls
    .map((wall) => crontab.next(wall))
    .flatMap((wall) => (wall === undefined ? [] : [...zone.timesOf(wall)]))
    .filter((each) => each > time);
  return times.length === 0 ? undefined : Math.min(...times);
}
