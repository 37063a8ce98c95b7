import { Cron } from 'croner';

import { toMilliseconds } from '../time-span';

/** When a timer fires. */
export interface Schedule {
  /** The first occurrence after `time` (epoch milliseconds); undefined if there is none left */
  next(time: number): number | undefined;
  /** True for a constant interval, false for a calendar schedule */
  readonly isInterval: boolean;
}

/** NCRONTAB knows lists, ranges, steps and names; what croner knows beyond that is an error on Azure. */
const field = String.raw`(?:\*|[0-9a-z]+(?:-[0-9a-z]+)?)(?:/\d+)?`;
const ncrontab = new RegExp(String.raw`^${field}(?:,${field})*$`, 'i');
const names = /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat)$/i;

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
  const fields = expression.trim().split(/\s+/);
  if (fields.length < 5 || fields.length > 6 || !fields.every(isField)) return undefined;
  const six = fields.length === 5 ? ['0', ...fields] : fields;
  try {
    return new Cron(six.join(' '), {
      paused: true,
      mode: '6-part',
      domAndDow: true,
      timezone,
    });
  } catch {
    return undefined;
  }
}

function isField(text: string): boolean {
  const words = text.match(/[a-z]+/gi) ?? [];
  return ncrontab.test(text) && words.every((word) => names.test(word));
}

/** More than one occurrence within a minute: too often for the monitor. */
export function isFrequent(schedule: Schedule, now: number): boolean {
  const first = schedule.next(now);
  const second = first === undefined ? undefined : schedule.next(first);
  return first !== undefined && second !== undefined && second - first < 60_000;
}
