import { Cron } from 'croner';

import { toMilliseconds } from '../time-span';
import { toPlainCron } from './ncrontab';

/** When a timer fires. */
export interface Schedule {
  /** The first occurrence after `time` (epoch milliseconds); undefined if there is none left */
  next(time: number): number | undefined;
  /** True for a constant interval, false for a calendar schedule */
  readonly isInterval: boolean;
}

/**
 * Reads a schedule: six fields (`{second} {minute} {hour} {day} {month} {day-of-week}`), five without
 * seconds, or a time span. Day and weekday must both match, unlike in classic cron.
 * @throws Error when it is none of these
 */
export function parseSchedule(expression: string, timezone: string): Schedule {
  const interval = toMilliseconds(expression);
  if (interval !== undefined && interval > 0) {
    return { isInterval: true, next: (time) => time + interval };
  }
  const cron = toCron(expression, timezone);
  if (!cron) {
    throw new Error(
      `The schedule expression '${expression}' was not recognized as a valid cron expression or timespan string.`,
    );
  }
  return {
    isInterval: false,
    next: (time) => cron.nextRun(new Date(time))?.getTime(),
  };
}

function toCron(expression: string, timezone: string): Cron | undefined {
  const plain = toPlainCron(expression);
  if (plain === undefined) return undefined;
  if (!isTimezone(timezone)) {
    throw new Error(
      `There is no time zone '${timezone}'. Set WEBSITE_TIME_ZONE to a name like 'Europe/Berlin'.`,
    );
  }
  return new Cron(plain, { paused: true, mode: '6-part', domAndDow: true, timezone });
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** More than one occurrence within a minute: too often for the monitor. */
export function isFrequent(schedule: Schedule, now: number): boolean {
  const first = schedule.next(now);
  const second = first === undefined ? undefined : schedule.next(first);
  return first !== undefined && second !== undefined && second - first < 60_000;
}
