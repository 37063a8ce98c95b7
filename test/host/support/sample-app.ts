import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { HostKeys } from '../../../host/http/keys';
import { buildHost, root } from './build-host';
import { type HostProcess, startHostProcess } from './host-process';
import { ask, askUntil } from './http';

/** What a caller gets who starts an orchestration. */
export interface Started {
  readonly id: string;
  readonly statusQueryGetUri: string;
  readonly sendEventPostUri: string;
  readonly terminatePostUri: string;
  readonly suspendPostUri: string;
  readonly resumePostUri: string;
  readonly rewindPostUri: string;
  readonly restartPostUri: string;
  readonly purgeHistoryDeleteUri: string;
}

export interface Status {
  readonly runtimeStatus: string;
  readonly output: unknown;
  readonly customStatus: unknown;
}

/** A folder of `test/data/apps`, run as its user would run it. */
export class SampleApp {
  /** The process that runs it now */
  host: HostProcess;
  /** For whatever the app writes; gone when the app is stopped */
  readonly folder: string;
  private readonly launch: () => Promise<HostProcess>;

  private constructor(host: HostProcess, folder: string, launch: () => Promise<HostProcess>) {
    this.host = host;
    this.folder = folder;
    this.launch = launch;
  }

  static async start(
    name: string,
    args: readonly string[] = [],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<SampleApp> {
    const folder = mkdtempSync(join(tmpdir(), 'steward-sample-'));
    const mainFile = await buildHost();
    const data = ['--data', join(folder, 'data')];
    const launch = (): Promise<HostProcess> =>
      startHostProcess(mainFile, [appFolder(name), ...data, ...args], {
        SAMPLE_FOLDER: folder,
        ...environment,
      });
    return new SampleApp(await launch(), folder, launch);
  }

  /** Runs it in a new process, on another port; the one before has to have ended. */
  async restart(): Promise<HostProcess> {
    this.host = await this.launch();
    return this.host;
  }

  get keys(): HostKeys {
    return JSON.parse(readFileSync(join(this.folder, 'data/keys.json'), 'utf8')) as HostKeys;
  }

  get masterKey(): string {
    return this.keys.master;
  }

  call(path: string, init: RequestInit = {}): ReturnType<typeof ask> {
    return ask(`${this.host.url}/api/${path}`, init);
  }

  /** Starts an orchestration by the route that all the samples have. */
  async begin(path: string, input: unknown = null): Promise<Started> {
    const { status, body } = await this.call(`orchestrators/${path}`, json(input));
    if (status !== 202) throw new Error(`${path} was not started: ${status} ${String(body)}`);
    return body as Started;
  }

  /** Starts an orchestration and waits for its end. */
  async run(path: string, input: unknown = null): Promise<Status> {
    return this.end(await this.begin(path, input));
  }

  end(started: Started): Promise<Status> {
    return this.until(started, ({ runtimeStatus }) =>
      ['Completed', 'Failed', 'Terminated'].includes(runtimeStatus),
    );
  }

  async until(started: Started, isWanted: (status: Status) => boolean): Promise<Status> {
    const { body } = await askUntil(started.statusQueryGetUri, (each) => isWanted(each as Status));
    return body as Status;
  }

  async raise(started: Started, name: string, value: unknown): Promise<void> {
    await ask(started.sendEventPostUri.replace('{eventName}', name), json(value));
  }

  /** Entries of the log that are about something wrong. */
  complaints(): string[] {
    const usual = /"level":"(?:trace|debug|information)"|^\{"ready"/;
    const meant = /"message":"(?:Activity|Orchestrator) function '[^']*' failed/;
    return this.host.lines.filter((line) => !usual.test(line) && !meant.test(line));
  }

  async stop(): Promise<void> {
    await this.host.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function json(value: unknown): RequestInit {
  return {
    method: 'POST',
    body: JSON.stringify(value),
    headers: { 'content-type': 'application/json' },
  };
}

export function appFolder(name: string): string {
  return join(root, 'test/data/apps', name);
}

/** Runs the TypeScript compiler in an app's folder, as its `npm run build` does. */
export async function compileApp(name: string): Promise<void> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler], { cwd: appFolder(name) });
}
