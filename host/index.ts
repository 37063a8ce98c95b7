import { resolve } from 'node:path';

import { type AppSettings, applySettings } from './app-settings';
import { type Clock, systemClock } from './clock';
import { takeDataFolder } from './data-folder';
import type { Strictness } from './durable/contract';
import { isOpenToOthers } from './files';
import { readHostJson } from './host-json';
import { type GivenKeys, type HostKeys, loadKeys } from './http/keys';
import { findAppFiles } from './loading/app-files';
import { createLog, type HostLog, type LogSink } from './log';
import { runApp } from './run-app';
import { openRunningNote } from './running-note';

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
  /** Orchestrations that ended so long ago, by the clock, are removed; none unless given */
  readonly purgeAfterMs?: number;
  /** How long running functions may take to end when the host closes; 10 seconds unless given */
  readonly drainMs?: number;
  /** A function that keeps all others from running so long is reported; 1 second unless given, 0 never */
  readonly blockedAfterMs?: number;
  readonly log?: LogSink;
}

export interface RunningHost {
  /** Without a slash at the end */
  readonly url: string;
  readonly keys: HostKeys;
  /** Lets running functions end, writes everything down and frees port and data folder. */
  close(): Promise<void>;
}

/** What is used unless the options say otherwise. */
const standard = {
  hostname: '127.0.0.1',
  clock: systemClock,
  strict: 'on',
  purgeAfterMs: Infinity,
  drainMs: 10_000,
  blockedAfterMs: 1000,
} as const;

/**
 * Runs a Functions app in this process. Resolves once every trigger is served and orchestrations of
 * an earlier run go on. A process can load one app once.
 * @throws HostError when it cannot start, with nothing left behind
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const appDirectory = resolve(options.appDirectory);
  findAppFiles(appDirectory);
  const hostJson = readHostJson(appDirectory);
  const folder = takeDataFolder(resolve(options.dataDirectory));
  let settings: AppSettings | undefined;
  try {
    settings = applySettings(appDirectory, options.settings ?? {}, process.env);
    const log = createLog(options.log ?? (() => undefined), hostJson.log);
    warnOfOpenKeys(folder.path('keys.json'), log);
    const keys = loadKeys(folder.path('keys.json'), options.keys);
    const note = openRunningNote(folder, log);
    const given = { ...standard, ...options };
    const running = await runApp({ ...given, appDirectory, hostJson, log, folder, settings, keys });
    note.write(running.url);
    return toHost({ url: running.url, keys }, [
      running.close,
      note.remove,
      settings.restore,
      folder.release,
    ]);
  } catch (error) {
    settings?.restore();
    folder.abandon();
    throw error;
  }
}

/** A host that can be closed any number of times. The steps of closing are all taken, one by one. */
function toHost(
  host: Pick<RunningHost, 'url' | 'keys'>,
  [first, ...rest]: readonly (() => Promise<void> | void)[],
): RunningHost {
  const close = async (): Promise<void> => {
    try {
      await first?.();
    } finally {
      for (const step of rest) await step();
    }
  };
  let closing: Promise<void> | undefined;
  return { ...host, close: () => (closing ??= close()) };
}

/** Loading the keys writes them back for their owner alone. */
function warnOfOpenKeys(path: string, log: HostLog): void {
  if (!isOpenToOthers(path)) return;
  log.write(
    'warning',
    `Other users could read the keys in ${path}; from now on they cannot. Delete the file to get new keys.`,
  );
}
