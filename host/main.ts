import { parseArgs } from 'node:util';

import { readSettingsFile } from './app-settings';
import { scaledClock, systemClock } from './clock';
import type { Strictness } from './durable/contract';
import { enterAppFolder } from './enter-app-folder';
import { HostError } from './host-error';
import { readKeysFile } from './http/keys';
import { type HostOptions, type RunningHost, startHost } from './index';
import { jsonLines } from './log';

const usage = `usage: host <app folder> --data DIR [--port 7071] [--hostname 127.0.0.1] [--settings FILE]
            [--keys FILE] [--strict on|warn|off] [--speed X] [--origin TIME]`;

const text = { type: 'string' } as const;

/** What the command line asks for. @throws HostError naming what cannot be understood */
function parseCommand(args: string[]): HostOptions {
  const { positionals, values } = parse(args);
  const [appDirectory, ...more] = positionals;
  if (appDirectory === undefined || more.length > 0) throw unclear('Give the folder of one app.');
  if (values.data === undefined) throw unclear('Say with --data where the host keeps its state.');
  const strict = values.strict ?? 'on';
  if (!isStrictness(strict)) throw unclear(`--strict cannot be "${strict}".`);
  const settings = values.settings === undefined ? {} : readSettings(values.settings);
  return {
    appDirectory,
    dataDirectory: values.data,
    port: toPort(values.port ?? '7071'),
    hostname: values.hostname ?? '127.0.0.1',
    settings,
    ...(values.keys === undefined ? {} : { keys: readKeysFile(values.keys) }),
    strict,
    clock: toClock(values.speed, values.origin),
    log: jsonLines((line) => process.stdout.write(line)),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: text,
        data: text,
        hostname: text,
        settings: text,
        keys: text,
        strict: text,
        speed: text,
        origin: text,
      },
    });
  } catch (error) {
    throw unclear(error instanceof Error ? error.message : String(error));
  }
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
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw unclear(`--port cannot be "${value}".`);
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
  return new HostError(`${message}\n${usage}`);
}

/** Ends with the first Ctrl-C, after running functions ended; a second one does not wait for them. */
function closeOnSignal(host: RunningHost): void {
  const close = (): void => {
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143));
    host.close().then(
      () => process.exit(0),
      (error: unknown) => {
        fail(error);
        process.exit();
      },
    );
  };
  process.once('SIGINT', close);
  process.once('SIGTERM', close);
}

function fail(error: unknown): void {
  const known = error instanceof HostError;
  const message = error instanceof Error && !known ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${message.replace(/^HostError: /, '')}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const host = await startHost(enterAppFolder(parseCommand(process.argv.slice(2))));
  process.stdout.write(`${JSON.stringify({ ready: host.url })}\n`);
  closeOnSignal(host);
}

main().catch(fail);
