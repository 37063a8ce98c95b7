import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../../host/support/build-host';
import { type HostProcess, startHostProcess } from '../../../host/support/host-process';
import type { Toolchain } from './toolchain';

/** An app that is served by one of the two engines. */
export interface ServedApp {
  readonly url: string;
  /** Opens the Durable HTTP API */
  readonly code: string;
  readonly host: HostProcess;
  stop(): Promise<unknown>;
}

/** Kills the process in which the extension runs, which is the end of the one that serves the app too. */
export async function killEngine({ host }: ServedApp): Promise<void> {
  const line = host.lines.find((each) => each.startsWith('{"engine":'));
  const { engine } = JSON.parse(line ?? '{}') as { engine?: number };
  if (engine === undefined) throw new Error('This app is not served by the real extension.');
  const ended = once(host.process, 'close');
  process.kill(engine, 'SIGKILL');
  await ended;
}

export interface AppToServe {
  /** Folder of a Functions app: Steward's own, a bundle of scenarios, any other */
  readonly directory: string;
  /** A folder of this run alone */
  readonly workFolder: string;
  readonly settings?: Readonly<Record<string, string>>;
}

const code = 'conformance';
const keys = { master: 'master', systemKeys: { durabletask_extension: code } };

/** Serves an app on the host of this repository, which imitates Azure. */
export async function serveLocally(hostMain: string, app: AppToServe): Promise<ServedApp> {
  return serve(hostMain, [...common(app, 'local'), '--strict', 'off'], {});
}

/** Serves an app on the real Durable extension. Apps with the same hub share their instances. */
export async function serveOnExtension(
  { workerMain, toolchain, connectionString }: RealStage,
  hubName: string,
  app: AppToServe,
): Promise<ServedApp> {
  const options = ['--engine', toolchain.engineDll, '--hub', hubName];
  return serve(workerMain, [...common(app, hubName), ...options], {
    DURABLE_STORAGE: connectionString,
  });
}

/** What it takes to serve apps on the real extension. */
export interface RealStage {
  readonly workerMain: string;
  readonly toolchain: Toolchain;
  readonly connectionString: string;
}

/** The entry of the program that serves an app on the real extension; to be bundled. */
export const workerEntry = join(root, 'test/conformance/durable-extension/worker/main.ts');

async function serve(
  main: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ServedApp> {
  const host = await startHostProcess(main, args, environment);
  return { url: host.url, code, host, stop: () => host.stop() };
}

function common({ directory, workFolder, settings = {} }: AppToServe, name: string): string[] {
  mkdirSync(workFolder, { recursive: true });
  const write = (file: string, content: unknown): string => {
    const path = join(workFolder, `${name}-${file}`);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  return [
    ...[directory, '--data', join(workFolder, `${name}-data`)],
    ...['--keys', write('keys.json', keys)],
    ...['--settings', write('settings.json', { IsEncrypted: false, Values: settings })],
  ];
}
