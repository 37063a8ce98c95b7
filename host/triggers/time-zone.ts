/** What a clock on the wall shows somewhere. All values are milliseconds. */
export interface TimeZone {
  /** East of UTC is positive. */
  offsetAt(time: number): number;
  /** The time at which the clock shows this; both of them when an hour comes twice, earlier one first. */
  timesOf(wallTime: number): readonly [number] | readonly [number, number];
}

const utc: TimeZone = { offsetAt: () => 0, timesOf: (wallTime) => [wallTime] };

/** @throws Error for a name that is not known */
export function openTimeZone(name: string): TimeZone {
  if (/^(?:etc\/)?utc$/i.test(name)) return utc;
  const format = toFormat(name);
  const offsetAt = (time: number): number => parseOffset(format.format(time));
  return { offsetAt, timesOf: (wallTime) => timesOf(wallTime, offsetAt) };
}

function toFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    throw new Error(
      `There is no time zone '${timeZone}'. Set WEBSITE_TIME_ZONE to a name like 'Europe/Berlin'.`,
    );
  }
}

/** From a text that ends in `GMT`, `GMT+02:00` or `GMT-03:30`. */
function parseOffset(text: string): number {
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(text) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? -offset : offset;
}

const dayMs = 86_400_000;

/** A time that is left out when the clock goes forward is read with the offset before that. */
function timesOf(
  wallTime: number,
  offsetAt: (time: number) => number,
): ReturnType<TimeZone['timesOf']> {
  const offsets = [offsetAt(wallTime - dayMs), offsetAt(wallTime + dayMs)];
  const [standard, summer] = [Math.min(...offsets), Math.max(...offsets)];
  const isShown = (offset: number): boolean => offsetAt(wallTime - offset) === offset;
  if (standard === summer || !isShown(summer)) return [wallTime - standard];
  return isShown(standard) ? [wallTime - summer, wallTime - standard] : [wallTime - summer];
}
