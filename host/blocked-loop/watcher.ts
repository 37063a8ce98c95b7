import type { Debugger } from 'node:inspector';

/** What the watching thread is given. */
export interface WatchData {
  /** Goes up as long as the event loop of the main thread turns */
  readonly beat: Int32Array;
  readonly pollMs: number;
  /** So many looks without a beat are a block */
  readonly patience: number;
  /** An expression that tells, in the main thread, whose code runs */
  readonly whose: string;
}

/** Code that kept the event loop from turning. */
export interface Block {
  /** The function of the app; undefined for code of no function */
  readonly name: string | undefined;
  /** Where it was when it was looked at */
  readonly place: string | undefined;
  readonly ms: number;
}

interface Seen {
  beat: number;
  /** Looks since the beat went up */
  looks: number;
  since: number;
  found: Omit<Block, 'ms'> | undefined;
}

/**
 * Watches the main thread from another one, and asks V8's debugger what runs there when its event
 * loop stands still: code that never ends could not be reported from within. The text of these
 * methods is what that thread runs, so they use nothing but each other and built-in modules.
 */
export const watcher = {
  start(): void {
    const threads = process.getBuiltinModule('node:worker_threads');
    const data = threads.workerData as WatchData;
    const seen: Seen = { beat: -1, looks: 0, since: 0, found: undefined };
    setInterval(() => {
      this.look(data, seen);
    }, data.pollMs);
  },

  look(data: WatchData, seen: Seen): void {
    const beat = Atomics.load(data.beat, 0);
    if (beat !== seen.beat) {
      if (seen.looks >= data.patience) this.report(seen);
      Object.assign(seen, { beat, looks: 0, since: Date.now(), found: undefined });
      return;
    }
    seen.looks += 1;
    if (seen.looks === data.patience) this.ask(data, seen);
    if (seen.looks === data.patience * 5) this.warn(seen);
  },

  /** The main thread stops at its next statement, says where it is, and goes on. */
  ask(data: WatchData, seen: Seen): void {
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session();
    const scripts = new Map<string, string>();
    session.connectToMainThread();
    session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => {
      scripts.set(scriptId, url);
    });
    session.on('Debugger.paused', ({ params: { callFrames } }) => {
      const callFrameId = callFrames[0]?.callFrameId ?? '';
      const question = { callFrameId, expression: data.whose, returnByValue: true };
      session.post('Debugger.evaluateOnCallFrame', question, (_error, answer) => {
        const { result } = { ...(answer as Partial<Debugger.EvaluateOnCallFrameReturnType>) };
        const name: unknown = result?.value;
        const place = this.place(callFrames, scripts);
        seen.found ??= { name: typeof name === 'string' ? name : undefined, place };
        session.post('Debugger.resume', () => {
          session.disconnect();
        });
      });
    });
    session.post('Debugger.enable', () => {
      session.post('Debugger.pause');
    });
  },

  /** The innermost code that is not Node's own. */
  place(
    frames: readonly Debugger.CallFrame[],
    scripts: ReadonlyMap<string, string>,
  ): string | undefined {
    for (const { functionName, location } of frames) {
      const url = scripts.get(location.scriptId) ?? '';
      if (url === '' || url.startsWith('node:')) continue;
      const line = `${url.replace(/^file:\/\//, '')}:${location.lineNumber + 1}`;
      return functionName === '' ? line : `${functionName} (${line})`;
    }
    return undefined;
  },

  report({ since, found }: Seen): void {
    const { parentPort } = process.getBuiltinModule('node:worker_threads');
    const block: Block = { name: undefined, place: undefined, ...found, ms: Date.now() - since };
    parentPort?.postMessage(block);
  },

  /** The log of the host is out of reach while its thread is blocked. */
  warn({ since, found }: Seen): void {
    const { writeSync } = process.getBuiltinModule('node:fs');
    const who = found?.name === undefined ? 'Code of no function' : `Function ${found.name}`;
    const where = found?.place === undefined ? '' : `, in ${found.place},`;
    const seconds = Math.round((Date.now() - since) / 1000);
    writeSync(
      2,
      `${who}${where} has kept everything else from running for ${seconds} s and still does. If it never ends, kill the host and correct it.\n`,
    );
  },
};
