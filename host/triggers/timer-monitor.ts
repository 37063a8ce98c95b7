import { readJsonObject, writePrivateJson } from '../files';
import { isObject } from '../json';

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
