import { join } from 'node:path';

import { readJsonObject } from './files';
import { HostError } from './host-error';
import { isObject, type JsonObject } from './json';
import type { LogLevel, LogThresholds } from './log';
import { toMilliseconds } from './time-span';

/** What `host.json` says, with the defaults of the Functions host. */
export interface HostJson {
  routePrefix: string;
  /** Real time, in milliseconds */
  functionTimeoutMs: number;
  log: LogThresholds;
  /** `extensions.durableTask` as written */
  durableTask: JsonObject;
}

const levels: Record<string, LogLevel> = {
  trace: 'trace',
  debug: 'debug',
  information: 'information',
  warning: 'warning',
  error: 'error',
  critical: 'critical',
  none: 'critical',
};

/** Reads the app's `host.json`; a missing file means defaults. */
export function readHostJson(appDirectory: string): HostJson {
  const file = readJsonObject(join(appDirectory, 'host.json')) ?? {};
  const extensions = child(file, 'extensions');
  const logLevel = child(child(file, 'logging'), 'logLevel');
  const standard = toLevel(logLevel['default'], 'information');
  return {
    routePrefix: text(child(extensions, 'http')['routePrefix'], 'api').replace(/^\/+|\/+$/g, ''),
    functionTimeoutMs: toTimeout(file['functionTimeout']),
    log: {
      host: toLevel(logLevel['Host'], standard),
      app: toLevel(logLevel['Function'], standard),
    },
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

function toLevel(value: unknown, standard: LogLevel): LogLevel {
  return typeof value === 'string' ? (levels[value.toLowerCase()] ?? standard) : standard;
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
