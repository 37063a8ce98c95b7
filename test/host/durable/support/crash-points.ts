import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { CrashPoint, Order, Report } from './crash-point-child';

/** What came of a run. */
export interface Life extends Report {
  /** What the processes wrote down */
  readonly notes: readonly string[];
  /** False when the run came to its end before the crash point */
  readonly crashed: boolean;
}

/** Runs the script of `crash-script.ts` in processes of its own. */
export interface Stage {
  /** Runs it to the end; with a crash point it is killed there and started again on the same folder. */
  run(atOnce: number, crash?: CrashPoint): Promise<Life>;
  close(): void;
}

const patienceMs = 60_000;

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'durable-crash-points-'));
  const program = join(folder, 'child.cjs');
  await bundle(program);
  const server = await startServer(folder);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let runs = 0;
  return {
    async run(atOnce, crash) {
      runs += 1;
      const life = { folder: join(folder, String(runs)), web: `${origin}/${runs}`, atOnce };
      mkdirSync(life.folder);
      if (crash !== undefined && !(await start(program, { ...life, crash }))) {
        return finished(life.folder, false);
      }
      await start(program, life);
      return finished(life.folder, crash !== undefined);
    },
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function finished(folder: string, crashed: boolean): Life {
  const report = JSON.parse(readFileSync(join(folder, 'end.json'), 'utf8')) as Report;
  const notes = readFileSync(join(folder, 'notes'), 'utf8').split('\n');
  rmSync(folder, { recursive: true });
  return { ...report, notes, crashed };
}

/** Whether the process was killed. @throws when it failed by itself */
async function start(program: string, order: Order): Promise<boolean> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    env: { NODE_COMPILE_CACHE: `${program}.cache` },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: patienceMs,
  });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return false;
  if (signal === 'SIGKILL' && order.crash !== undefined) return true;
  const notes = readFileSync(join(order.folder, 'notes'), 'utf8');
  throw new Error(`The process ended with ${signal ?? code ?? ''}: ${said}\n${notes}`);
}

async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(__dirname, 'crash-point-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    alias: { '@azure/functions-core': join(__dirname, 'functions-core.ts') },
    logLevel: 'error',
  });
}

/**
 * `/3` of a run is accepted and goes on at `/2`, that at `/1`: what is answered does not depend on what
 * was asked before. Each request is noted in the folder of its run.
 */
async function startServer(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const [, run = '', left = ''] = request.url?.split('/') ?? [];
    appendFileSync(join(folder, run, 'notes'), `run http ${left}\n`);
    const next = Number(left) - 1;
    response.sendDate = false;
    if (next > 0) response.writeHead(202, { location: String(next), 'retry-after': '30' });
    response.end(next > 0 ? '' : 'done');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Every moment at which a run can be killed. */
export function crashPoints({ counts: { commits, calls } }: Life): CrashPoint[] {
  const points = (moment: CrashPoint['moment'], count: number): CrashPoint[] =>
    Array.from({ length: count }, (_, index) => ({ moment, number: index + 1 }));
  return [...points('before', commits), ...points('after', commits), ...points('inside', calls)];
}

/**
 * Crashes once at each of the points, two processes at a time. The lives that were cut short there:
 * where two things happen at once, the last points may not be reached.
 */
export async function crashAt(
  stage: Stage,
  atOnce: number,
  points: readonly CrashPoint[],
): Promise<Map<string, Life>> {
  const left = [...points];
  const lives = new Map<string, Life>();
  const worker = async (): Promise<void> => {
    for (let point = left.shift(); point !== undefined; point = left.shift()) {
      const life = await stage.run(atOnce, point);
      if (life.crashed) lives.set(`${point.moment} ${point.number}`, life);
    }
  };
  await Promise.all([worker(), worker()]);
  return lives;
}

/** What a crash may not change. */
export function outcomeOf(life: Life, undisturbed: Life) {
  return {
    end: life.end,
    needlessRuns: needlessRuns(life, undisturbed),
    forgottenStarts: forgottenStarts(life),
  };
}

/**
 * Calls that ran more often than they may: as often as without a crash, and once more if the result
 * was not recorded when the process was started again.
 */
function needlessRuns({ notes }: Life, undisturbed: Life): string[] {
  const begun = notes.slice(0, notes.lastIndexOf('boot'));
  const open = notes.filter((line) => line.startsWith('open ')).map((line) => line.slice(5));
  const keys = new Set(runsOf(notes));
  return [...keys].filter((key) => {
    // A request may arrive when the process that sent it is dead and the next one has begun.
    const hadBegun = key.startsWith('http ') || runsOf(begun).includes(key);
    const lost = open.includes(key) && hadBegun ? 1 : 0;
    return countOf(runsOf(notes), key) > countOf(runsOf(undisturbed.notes), key) + lost;
  });
}

/** Instances whose start was acknowledged and forgotten. */
function forgottenStarts({ notes }: Life): string[] {
  const accepted = notes.filter((line) => line.startsWith('accepted '));
  return accepted.filter((line, index) => accepted.indexOf(line) !== index);
}

const runsOf = (notes: readonly string[]): string[] =>
  notes.filter((line) => line.startsWith('run ')).map((line) => line.slice(4));

const countOf = (all: readonly string[], one: string): number =>
  all.filter((each) => each === one).length;
