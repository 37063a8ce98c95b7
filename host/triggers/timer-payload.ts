import type { TimerStatus } from './timer-monitor';

/** The trigger value of a timer function; the SDK turns its keys into camel case. */
export function toTimerPayload(
  timer: { readonly isInterval: boolean; readonly status: TimerStatus | undefined },
  isPastDue: boolean,
): string {
  const { isInterval, status } = timer;
  return JSON.stringify({
    Schedule: { AdjustForDST: !isInterval },
    ScheduleStatus:
      status === undefined
        ? null
        : {
            Last: toOffsetTime(status.last),
            LastUpdated: toOffsetTime(status.updated),
            Next: toOffsetTime(status.next),
          },
    IsPastDue: isPastDue,
  });
}

/** .NET writes no fraction when there is none, and its smallest time for "never". */
function toOffsetTime(time: number | undefined): string {
  if (time === undefined) return '0001-01-01T00:00:00+00:00';
  return `${new Date(time).toISOString().replace(/(?:\.000)?Z$/, '')}+00:00`;
}
