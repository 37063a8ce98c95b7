import { resolve } from 'node:path';

import { applySettings } from './app-settings';
import { type Clock, systemClock } from './clock';
import { takeDataFolder } from './data-folder';
import type { Strictness } from './durable/contract';
import { isOpenToOthers } from './files';
import { readHostJson } from './host-json';
import { type GivenKeys, type HostKeys, loadKeys } from './http/keys';
import { createLog, type HostLog, type LogSink } from './log';
import { runApp } from './run-app';

export type { Clock } from './clock';
export type { Strictness } from './durable/contract';
export type { GivenKeys, HostKeys } from './http/keys';
export type { LogEntry, LogSink } from './log';

export interface HostOptions {
  /** The folder with `package.json` and `host.json` of a Functions app */
  readonly appDirectory: string;
  /** State of this host: keys, orchestrations, timers. One host at a time. */
  readonly dataDirectory: string;
  /** 0 = any that is free */
  readonly port: number;
  /** Loopback unless given: who can reach the host can call anonymous functions */
  readonly hostname?: string;
  /** App settings that win over the environment and `local.settings.json` */
  readonly settings?: Readonly<Record<string, string>>;
  /** Keys instead of generated ones */
  readonly keys?: GivenKeys;
  /** Drives durable timers and timer triggers */
  readonly clock?: Clock;
  /** What to do with code that would not work on Azure; `on` unless given */
  readonly strict?: Strictness;
  readonly log?: LogSink;
}

export interface RunningHost {
  /** Without a slash at the end */
  readonly url: string;
  readonly keys: HostKeys;
  /** Lets running functions end, writes everything down and frees port and data folder. */
  close(): Promise<void>;
}

/**
 * Runs a Functions app in this process. Resolves once every trigger is served and orchestrations of
 * an earlier run go on. A process can load one app once.
 * @throws HostError when it cannot start, with nothing left behind
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const appDirectory = resolve(options.appDirectory);
  const hostJson = readHostJson(appDirectory);
  const log = createLog(options.log ?? (() => undefined), hostJson.log);
  const folder = takeDataFolder(resolve(options.dataDirectory));
  const settings = applySettings(appDirectory, options.settings ?? {}, process.env);
  const release = (): void => {
    settings.restore();
    folder.release();
  };
  try {
    warnOfOpenKeys(folder.path('keys.json'), log);
    const keys = loadKeys(folder.path('keys.json'), options.keys);
    const running = await runApp({
      appDirectory,
      hostJson,
      log,
      folder,
      settings,
      keys,
      port: options.port,
      hostname: options.hostname ?? '127.0.0.1',
      clock: options.clock ?? systemClock,
      strict: options.strict ?? 'on',
    });
    const close = async (): Promise<void> => {
      try {
        await running.close();
      } finally {
        release();
      }
    };
    let closing: Promise<void> | undefined;
    return { url: running.url, keys, close: () => (closing ??= close()) };
  } catch (error) {
    release();
    throw error;
  }
}

/** Loading the keys writes them back for their owner alone. */
function warnOfOpenKeys(path: string, log: HostLog): void {
  if (!isOpenToOthers(path)) return;
  log.write(
    'warning',
    `Other users could read the keys in ${path}; from now on they cannot. Delete the file to get new keys.`,
  );
}
