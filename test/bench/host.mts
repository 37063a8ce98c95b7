import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient, inParallel } from './http.mts';
import { type Launch, Program } from './program.mts';

/** What `api/process` of the measured app tells about the host's process. */
export interface ProcessFigures {
  readonly pid: number;
  readonly cpuMs: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
  readonly peakRssBytes: number;
  /** Counted when the host was started with `count-commits.mjs`. */
  readonly commits: number;
  /** Steps that ran and were not fetched yet. */
  readonly steps: number;
}

/** Key of the instance, time at which its step ran, time at which it should have. */
export type Mark = readonly [key: string, at: number, due?: number];

export interface Calibration {
  readonly commitsPerSecond: number;
  readonly replayMicros: number;
}

/** Requests on their way at the same time, when many are to be made. */
const atOnce = 50;
/** Between two looks at whether everything has ended. */
const lookMs = 10;

export const appFolder = join(import.meta.dirname, 'app');

/** The host as `npm run host` starts it, with the app that is measured, reached over HTTP. */
export class Host {
  readonly folder: string;
  private readonly program: Program;
  private readonly http: HttpClient;
  private readonly key: string;
  private readonly url: string;

  private constructor(folder: string, program: Program, url: string) {
    this.folder = folder;
    this.program = program;
    this.url = url;
    this.http = new HttpClient(url, atOnce);
    const keys = JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8')) as {
      systemKeys: { durabletask_extension: string };
    };
    this.key = keys.systemKeys.durabletask_extension;
  }

  /** Starts a host on its data folder; resolves when it serves. */
  static async start(folder: string, launch: Launch = {}): Promise<Host> {
    const args = [appFolder, '--data', folder, '--port', '0'];
    const env = { ...launch.env, BENCH_FOLDER: folder };
    const program = new Program('host', args, { ...launch, env });
    const url = await program.says(/"ready":"([^"]+)"/);
    return new Host(folder, program, url);
  }

  async startInstance(name: string, id: string, input: unknown = {}): Promise<void> {
    await this.durable(`orchestrators/${name}/${id}`, 'POST', input);
  }

  /** Instances called `<prefix>-<number>`. */
  async startMany(count: number, name: string, of: { prefix: string; input: unknown }) {
    const ids = Array.from({ length: count }, (_, index) => `${of.prefix}-${index}`);
    await inParallel(ids, atOnce, (id) => this.startInstance(name, id, of.input));
    return ids;
  }

  /** Sends the event `wake` to all, with the time at which each was sent. */
  async wake(ids: readonly string[]): Promise<void> {
    await inParallel(ids, atOnce, (id) => {
      const sentAt = performance.timeOrigin + performance.now();
      return this.durable(`instances/${id}/raiseEvent/wake`, 'POST', { sentAt });
    });
  }

  /** Instances in one of the states, at most `top`. */
  async list(states: string, top: number): Promise<readonly { instanceId: string }[]> {
    const found = await this.durable(`instances?runtimeStatus=${states}&top=${top}`, 'GET');
    return found as { instanceId: string }[];
  }

  async history(id: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const query = 'showHistory=true&showHistoryOutput=true';
    const found = await this.durable(`instances/${id}?${query}`, 'GET');
    return (found as { historyEvents: Readonly<Record<string, unknown>>[] }).historyEvents;
  }

  /** Resolves when no instance is on its way. */
  async idle(): Promise<void> {
    while ((await this.list('Pending,Running', 1)).length > 0) await sleep(lookMs);
    const failed = await this.list('Failed,Terminated', 1);
    if (failed[0]) throw new Error(`Instance ${failed[0].instanceId} did not complete.`);
  }

  /** Resolves when so many steps have run that were not fetched before; every step of these. */
  async marks(count: number): Promise<readonly Mark[]> {
    const marks: Mark[] = [];
    for (;;) {
      marks.push(...((await this.app('marks')) as Mark[]));
      if (marks.length >= count) return marks;
      await sleep(lookMs);
    }
  }

  async process(): Promise<ProcessFigures> {
    return (await this.app('process')) as ProcessFigures;
  }

  /** The same, after garbage was collected; the host needs `--expose-gc`. */
  async processAfterGc(): Promise<ProcessFigures> {
    return (await this.app('process?gc')) as ProcessFigures;
  }

  async calibrate(): Promise<Calibration> {
    return (await this.app('calibrate')) as Calibration;
  }

  async replay(steps: number): Promise<{ wallMs: number; cpuMs: number }> {
    return (await this.app(`replay?steps=${steps}`)) as { wallMs: number; cpuMs: number };
  }

  /** Calls a function that starts an orchestration through its durable client, and does no more. */
  async callStarter(): Promise<void> {
    const { status } = await this.http.call('/api/starter', { method: 'POST', body: {} });
    if (status !== 202) throw new Error(`starter answered ${status}`);
  }

  async stop(): Promise<void> {
    const { pid } = await this.process();
    this.http.close();
    await this.program.stop('SIGTERM', pid);
  }

  /** As a power cut does. */
  async kill(): Promise<void> {
    this.http.close();
    await this.program.stop('SIGKILL');
  }

  /** Size of the store; exact once the host has stopped. */
  diskBytes(): number {
    return statSync(join(this.folder, 'durable.db')).size;
  }

  private async app(path: string): Promise<unknown> {
    const { status, body } = await this.http.call(`/api/${path}`);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  private async durable(path: string, method: string, body?: unknown): Promise<unknown> {
    const address = `/runtime/webhooks/durabletask/${path}`;
    const headers = { 'x-functions-key': this.key };
    const answer = await this.http.call(address, { method, body, headers });
    if (answer.status >= 300) {
      throw new Error(`${this.url}${address}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }
}
