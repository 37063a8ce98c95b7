import type { Schedule } from './schedule';
import type { TimerStatus } from './timer-monitor';

/** The trigger value of a timer function; the SDK turns its keys into camel case. */
export function toTimerPayload(
  { isInterval, zone }: Schedule,
  status: TimerStatus | undefined,
  isPastDue: boolean,
): string {
  const toText = (time: number | undefined): string =>
    time === undefined ? never : toOffsetTime(time, zone.offsetAt(time));
  return JSON.stringify({
    Schedule: { AdjustForDST: !isInterval },
    ScheduleStatus:
      status === undefined
        ? null
        : {
            Last: toText(status.last),
            LastUpdated: toText(status.updated),
            Next: toText(status.next),
          },
    IsPastDue: isPastDue,
  });
}

/** The smallest time of .NET */
const never = '0001-01-01T00:00:00+00:00';

/** .NET writes a fraction without zeros at its end. */
function toOffsetTime(time: number, offset: number): string {
  const text = new Date(time + offset).toISOString().replace(/\.?0*Z$/, '');
  const minutes = Math.abs(offset) / 60_000;
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  return `${text}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
