import { url as debuggerUrl } from 'node:inspector';
import { Worker } from 'node:worker_threads';

import type { HostLog } from '../log';
import { type Block, watcher, type WatchData } from './watcher';

export interface LoopOptions {
  /** How long the event loop may stand still; real time, 0 for ever */
  readonly limitMs: number;
  /** The function whose code runs now */
  readonly current: () => string | undefined;
  readonly log: HostLog;
}

/** Looks within the limit: a stop of the whole machine takes several of them to look like a block. */
const patience = 4;

/** Where the watching thread finds out whose code runs. */
const globalName = 'functionsHostCurrentFunction';

/**
 * Reports code that keeps the event loop from turning, by the name of its function. The returned
 * function ends the watch. With a debugger attached nothing is watched: it stops the loop itself.
 */
export function watchLoop({ limitMs, current, log }: LoopOptions): () => Promise<void> {
  if (limitMs === 0 || debuggerUrl() !== undefined) return () => Promise.resolve();
  const key = Symbol.for(globalName);
  Reflect.set(globalThis, key, current);
  const pollMs = Math.max(1, Math.round(limitMs / patience));
  const beat = new Int32Array(new SharedArrayBuffer(4));
  const beating = setInterval(() => Atomics.add(beat, 0, 1), pollMs).unref();
  const whose = `globalThis[Symbol.for('${globalName}')]?.()`;
  const thread = startThread({ beat, pollMs, patience, whose });
  thread.on('message', (block: Block) => {
    log.write('warning', describe(block), block.name === undefined ? {} : { function: block.name });
  });
  thread.on('error', (error: unknown) => {
    log.write('warning', `Blocked event loops are no longer reported: ${String(error)}.`);
  });
  return async () => {
    clearInterval(beating);
    Reflect.deleteProperty(globalThis, key);
    await thread.terminate();
  };
}

function startThread(workerData: WatchData): Worker {
  const methods = Object.values(watcher).map(String);
  const thread = new Worker(`({${methods.join(',')}}).start()`, {
    eval: true,
    workerData,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  thread.unref();
  return thread;
}

function describe({ name, place, ms }: Block): string {
  const who = name === undefined ? 'Something outside of any function' : `Function ${name}`;
  const where = place === undefined ? '' : `, in ${place}`;
  return `${who} kept everything else from running for ${(ms / 1000).toFixed(1)} s${where}. Do long work in pieces, or elsewhere.`;
}
