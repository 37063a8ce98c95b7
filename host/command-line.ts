import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { readSettingsFile } from './app-settings';
import { scaledClock, systemClock } from './clock';
import { parseDuration } from './duration';
import type { Strictness } from './durable/contract';
import { HostError } from './host-error';
import { readKeysFile } from './http/keys';
import type { HostOptions } from './index';
import type { TraceRequest } from './trace/trace';

/** What `--help` prints. */
export const usage = `host <app folder> --data DIR    runs an Azure Functions app
host trace <instance> --data DIR    shows what happened to an orchestration, and what it waits for

  --data DIR            state of the host: keys, orchestrations, timers
  --port 7071           0 is any that is free
  --hostname 127.0.0.1  who can reach the host can call anonymous functions
  --settings FILE       more app settings, in the form of local.settings.json
  --keys FILE           keys instead of generated ones, in the form of DIR/keys.json
  --strict on|warn|off  code that would not work on Azure: fail, warn, or imitate Azure
  --purge-after 30d     removes orchestrations that ended so long ago; without it, none is removed
  --drain 10s           how long running functions may take to end when the host is stopped
  --blocked-after 1s    reports a function that keeps all others from running; 0s never does
  --speed X             a clock that runs X times as fast
  --origin TIME         a clock that starts at a time

  --children            trace: the child orchestrations too
  --json                trace: as JSON, with nothing cut
`;

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'trace'; readonly request: TraceRequest }
  | { readonly kind: 'serve'; readonly options: HostOptions; readonly warnings: string[] };

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const serveOptions = {
  port: text,
  hostname: text,
  settings: text,
  keys: text,
  strict: text,
  'purge-after': text,
  drain: text,
  'blocked-after': text,
  speed: text,
  origin: text,
};
const traceOptions = { children: flag, json: flag };
const sharedOptions = { data: text, help: { ...flag, short: 'h' } } as const;

/** What a command line asks for. @throws HostError naming what cannot be understood */
export function parseCommand(args: string[]): Command {
  const { positionals, values } = parse(args);
  if (values.help === true) return { kind: 'help' };
  const isTrace = positionals[0] === 'trace';
  const foreign = Object.keys(isTrace ? serveOptions : traceOptions);
  const misplaced = Object.keys(values).find((name) => foreign.includes(name));
  if (misplaced !== undefined) {
    throw unclear(`--${misplaced} means nothing ${isTrace ? 'to trace' : 'without trace'}.`);
  }
  return isTrace
    ? { kind: 'trace', request: toTraceRequest(positionals.slice(1), values) }
    : {
        kind: 'serve',
        options: toHostOptions(positionals, values),
        warnings: values.keys === undefined ? [] : openKeys(values.keys),
      };
}

/** Whoever can read the keys can call every function. */
function openKeys(path: string): string[] {
  const isOpen = process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
  return isOpen ? [`Others can read the keys in ${path}. Take their rights away: chmod 600.`] : [];
}

type Values = ReturnType<typeof parse>['values'];

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { ...sharedOptions, ...serveOptions, ...traceOptions },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw unclear(`${(reason.split(/\. |\n/)[0] ?? reason).replace(/\.$/, '')}.`);
  }
}

function toTraceRequest([id, ...more]: string[], values: Values): TraceRequest {
  if (id === undefined) throw unclear('Give the id of one instance. A folder "trace" is ./trace.');
  if (more.length > 0) throw unclear(`trace shows one instance, and "${more.join(' ')}" is more.`);
  return {
    id,
    dataDirectory: dataOf(values),
    children: values.children === true,
    json: values.json === true,
  };
}

function dataOf({ data }: Values): string {
  if (data === undefined) throw unclear('Say with --data where the host keeps its state.');
  return data;
}

function toHostOptions([appDirectory, ...more]: string[], values: Values): HostOptions {
  if (appDirectory === undefined) throw unclear('Give the folder of one app.');
  if (more.length > 0) {
    throw unclear(`There is no command "${appDirectory}", and a host runs one app folder.`);
  }
  const strict = values.strict ?? 'on';
  if (!isStrictness(strict)) throw unclear(`--strict cannot be "${strict}".`);
  return {
    appDirectory,
    dataDirectory: dataOf(values),
    port: toPort(values.port ?? '7071'),
    hostname: values.hostname ?? '127.0.0.1',
    settings: values.settings === undefined ? {} : readSettings(values.settings),
    ...(values.keys === undefined ? {} : { keys: readKeysFile(values.keys) }),
    strict,
    clock: toClock(values.speed, values.origin),
    ...span('purgeAfterMs', 'purge-after', values),
    ...span('drainMs', 'drain', values),
    ...span('blockedAfterMs', 'blocked-after', values),
  };
}

function isStrictness(value: string): value is Strictness {
  return ['on', 'warn', 'off'].includes(value);
}

function readSettings(path: string): Record<string, string> {
  const settings = readSettingsFile(path);
  if (!settings) throw new HostError(`There is no file ${path}. Give the path of a settings file.`);
  return settings;
}

function toPort(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port < 65_536) return port;
  throw unclear(`--port cannot be "${value}".`);
}

function span<Name extends string>(
  name: Name,
  option: 'purge-after' | 'drain' | 'blocked-after',
  values: Values,
): Partial<Record<Name, number>> {
  const value = values[option];
  if (value === undefined) return {};
  const ms = parseDuration(value);
  if (ms === undefined) throw unclear(`--${option} needs a time such as 10s, 90m, 12h or 30d.`);
  return { [name]: ms } as Partial<Record<Name, number>>;
}

/** Host and simulator that are started with the same origin and speed have the same time. */
function toClock(
  speed: string | undefined,
  origin: string | undefined,
): NonNullable<HostOptions['clock']> {
  if (speed === undefined && origin === undefined) return systemClock;
  const factor = Number(speed ?? '1');
  const start = origin === undefined ? Date.now() : Date.parse(origin);
  if (!(factor > 0) || !Number.isFinite(factor)) throw unclear('--speed needs a positive number.');
  if (Number.isNaN(start)) throw unclear('--origin needs a time in ISO 8601.');
  return scaledClock({ origin: start, speed: factor });
}

function unclear(message: string): HostError {
  return new HostError(`${message} See --help.`);
}
