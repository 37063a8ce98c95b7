import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../../../host/durable/store/database';
import { Facade } from '../../../../host/durable/facade';
import { surroundings } from './crash-app';
import type { Notes } from './crash-script';
import { act, isOver } from './crash-script';
import { watchCommits } from './doomed-database';
import { Driver } from './driver';
import { type EndState, endState } from './end-state';
import { ManualClock } from './manual-clock';
import { invokeRegistered } from './worker';

export interface CrashPoint {
  /** Right before or after a commit, or inside an activity or entity, after its work */
  readonly moment: 'before' | 'after' | 'inside';
  /** Which commit or call of this process it is, from 1 */
  readonly number: number;
}

/** What a process that came to the end of the script leaves in `end.json`. */
export interface Report {
  /** Commits and calls of this process, and history entries that it committed */
  readonly counts: { readonly commits: number; readonly calls: number; readonly events: number };
  readonly end: EndState;
}

export interface Order {
  readonly folder: string;
  /** Address of the server that `callHttp` asks */
  readonly web: string;
  /** How many activities and how many orchestrators run at the same time */
  readonly atOnce: number;
  readonly crash?: CrashPoint;
}

/**
 * The process that is killed: runs the script to its end on a clock that stands still while there is
 * something to do, and writes down what came out. With a crash point it kills itself there: no code
 * of its own runs after that.
 */
const { folder, web, atOnce, crash } = JSON.parse(process.argv[2] ?? '{}') as Order;
const notesFile = join(folder, 'notes');

function dieAt(moment: CrashPoint['moment'], number: number): void {
  if (crash?.moment === moment && crash.number === number) process.kill(process.pid, 'SIGKILL');
}

function openNotes(): Notes & { readonly lines: readonly string[] } {
  const lines = existsSync(notesFile) ? readFileSync(notesFile, 'utf8').split('\n') : [];
  return {
    lines,
    noted: (line) => lines.includes(line),
    note(line) {
      appendFileSync(notesFile, `${line}\n`);
      lines.push(line);
    },
  };
}

const origin = Date.UTC(2031, 0, 1);
const counts = { commits: 0, calls: 0, events: 0 };
let kept = 0;
const notes = openNotes();
const database = openDatabase(join(folder, 'durable.db'));
// The machine goes on when the process is killed: the disk need not be waited for.
database.exec('PRAGMA synchronous = OFF');
const clock = new ManualClock(
  notes.lines.reduce((time, line) => Number(/^clock (.+)$/.exec(line)?.[1] ?? time), origin),
);
const driver = new Driver({
  clock,
  settings: {
    maxConcurrentActivityFunctions: atOnce,
    maxConcurrentOrchestratorFunctions: atOnce,
  },
  open: (options) =>
    new Facade(
      options,
      watchCommits(database, {
        before: (number) => {
          dieAt('before', number);
        },
        after: (number) => {
          countCommit(number);
          dieAt('after', number);
        },
      }),
    ),
  invoke: async (call) => {
    const result = await invokeRegistered(call);
    if (call.kind !== 'orchestration') {
      counts.calls += 1;
      dieAt('inside', counts.calls);
    }
    // A turn of the event loop for each, so that they are not written down together.
    await new Promise(setImmediate);
    return result;
  },
});

/** Entries that a history loses by `continueAsNew` have been committed all the same. */
function countCommit(number: number): void {
  const row = database.prepare('SELECT sum(json_array_length(events) - 1) AS n FROM history').get();
  const events = Number(row?.['n'] ?? 0);
  counts.events += Math.max(0, events - kept);
  kept = events;
  counts.commits = number;
}

/** Calls that were decided on and have no recorded result. */
function openCalls(): string[] {
  const rows = database.prepare('SELECT input FROM tasks').all();
  return rows.map(({ input }) => {
    const { key, uri } = JSON.parse(String(input)) as { key?: string; uri?: string };
    return key ?? `http ${uri?.split('/').at(-1) ?? ''}`;
  });
}

/** Until nothing more happens by itself; answers of the web server are waited for. */
async function rest(): Promise<void> {
  do {
    while (openCalls().length > 0) await sleep(0);
    await driver.rest();
  } while (openCalls().length > 0);
}

async function play(): Promise<void> {
  const scene = { engine: driver.engine, notes };
  for (;;) {
    await rest();
    if (await act(scene)) continue;
    if (await isOver(scene)) return;
    const { next } = clock;
    if (next === undefined) throw new Error('Nothing more happens.');
    notes.note(`clock ${next}`);
    clock.moveTo(next);
  }
}

async function main(): Promise<void> {
  notes.note('boot');
  for (const key of openCalls()) notes.note(`open ${key}`);
  Object.assign(surroundings, { ...notes, now: () => clock.now(), web });
  driver.engine.open();
  await play();
  const end = await endState(driver.engine);
  await driver.engine.close(0);
  writeFileSync(join(folder, 'end.json'), JSON.stringify({ counts, end } satisfies Report));
}

void main();
