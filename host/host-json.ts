import { join } from 'node:path';

import { readJsonObject } from './files';
import { HostError } from './host-error';
import { isObject, type JsonObject } from './json';
import type { LogLevel, LogLevels } from './log';
import { toMilliseconds } from './time-span';

/** What `host.json` says, with the defaults of the Functions host. */
export interface HostJson {
  routePrefix: string;
  /** Real time, in milliseconds */
  functionTimeoutMs: number;
  log: LogLevels;
  /** `extensions.durableTask` as written */
  durableTask: JsonObject;
}

const levels: Record<string, LogLevel | 'none'> = {
  trace: 'trace',
  debug: 'debug',
  information: 'information',
  warning: 'warning',
  error: 'error',
  critical: 'critical',
  none: 'none',
};

/** Reads the app's `host.json`; a missing file means defaults. */
export function readHostJson(appDirectory: string): HostJson {
  const file = readJsonObject(join(appDirectory, 'host.json')) ?? {};
  const extensions = child(file, 'extensions');
  return {
    routePrefix: text(child(extensions, 'http')['routePrefix'], 'api').replace(/^\/+|\/+$/g, ''),
    functionTimeoutMs: toTimeout(file['functionTimeout']),
    log: toLevels(child(child(file, 'logging'), 'logLevel')),
    durableTask: child(extensions, 'durableTask'),
  };
}

function child(parent: JsonObject, name: string): JsonObject {
  const value = parent[name];
  return isObject(value) ? value : {};
}

function text(value: unknown, standard: string): string {
  return typeof value === 'string' ? value : standard;
}

/** Values that are no level are left out. */
function toLevels(logLevel: JsonObject): LogLevels {
  return Object.fromEntries(
    Object.entries(logLevel).flatMap(([category, value]) => {
      const level = levels[text(value, '').toLowerCase()];
      return level === undefined ? [] : [[category.toLowerCase(), level] as const];
    }),
  );
}

/** 30 minutes unless set; `-1` means no limit. */
function toTimeout(value: unknown): number {
  if (value === undefined) return 30 * 60_000;
  if (value === '-1' || value === -1) return Infinity;
  const milliseconds = typeof value === 'string' ? toMilliseconds(value) : undefined;
  if (milliseconds === undefined || milliseconds === 0) {
    throw new HostError(
      `functionTimeout in host.json is not a time span: ${JSON.stringify(value)}. Write it as "hh:mm:ss".`,
    );
  }
  return milliseconds;
}
