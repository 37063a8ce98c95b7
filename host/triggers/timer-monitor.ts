import { readJsonObject, writePrivateJson } from '../files';
import { isObject } from '../json';
import type { Schedule } from './schedule';

/** What is remembered of a timer, in epoch milliseconds. `last` and `updated` are undefined before its first run. */
export interface TimerStatus {
  readonly last: number | undefined;
  readonly next: number;
  readonly updated: number | undefined;
}

/** Remembers timers across restarts, so that a missed occurrence is noticed. */
export interface TimerMonitor {
  get(functionName: string): TimerStatus | undefined;
  set(functionName: string, status: TimerStatus): void;
}

/** A monitor that writes each change to a file before it returns. */
export function openTimerMonitor(path: string): TimerMonitor {
  const statuses = new Map<string, TimerStatus>();
  for (const [name, value] of Object.entries(readJsonObject(path) ?? {})) {
    const status = toStatus(value);
    if (status) statuses.set(name, status);
  }
  return {
    get: (name) => statuses.get(name),
    set(name, status) {
      statuses.set(name, status);
      writePrivateJson(path, Object.fromEntries(statuses));
    },
  };
}

function toStatus(value: unknown): TimerStatus | undefined {
  if (!isObject(value) || typeof value['next'] !== 'number') return undefined;
  const { last, next, updated } = value;
  return {
    last: typeof last === 'number' ? last : undefined,
    next,
    updated: typeof updated === 'number' ? updated : undefined,
  };
}

/**
 * What is remembered of a timer that starts now. A timer that was never seen is remembered at once, so
 * that its first occurrence can be missed; one whose schedule has changed since begins anew.
 */
export function recallTimer(
  monitor: TimerMonitor,
  { name, schedule }: { readonly name: string; readonly schedule: Schedule },
  now: number,
): TimerStatus | undefined {
  const stored = monitor.get(name);
  const status = stored ? checked(stored, schedule, now) : beginAnew(schedule, now);
  if (status && status !== stored) monitor.set(name, status);
  return status && !stored ? { ...status, updated: undefined } : status;
}

/** The status itself, if it fits the schedule. */
function checked(stored: TimerStatus, schedule: Schedule, now: number): TimerStatus | undefined {
  const since = stored.last ?? stored.updated ?? now;
  const expected = schedule.next(since);
  if (stored.next === expected) return stored;
  return beginAnew(schedule, expected !== undefined && expected < now ? now : since);
}

function beginAnew(schedule: Schedule, since: number): TimerStatus | undefined {
  const next = schedule.next(since);
  return next === undefined ? undefined : { last: undefined, next, updated: since };
}
