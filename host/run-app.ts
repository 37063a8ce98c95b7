import type { AppRun } from './app-run';
import { type FrontDoor, openFrontDoor } from './front-door';
import { describeHost } from './host-environment';
import { containStrayErrors } from './invocation/stray-errors';
import { loadApp } from './loading/load-app';
import { openRpcBase, type RpcBase } from './rpc';
import { assemble, type Parts } from './assemble';
import { dispatch } from './http/dispatch';

export interface RunningApp {
  readonly url: string;
  close(): Promise<void>;
}

/** How long functions and requests may take to end when the host closes, all together; real time. */
const drainMs = 10_000;

/** Opens the port, loads the app, connects the parts of the host with it, and begins to serve. */
export async function runApp(run: AppRun): Promise<RunningApp> {
  const { log, settings } = run;
  const undo: (() => Promise<void> | void)[] = [];
  try {
    const door = await openFrontDoor(run);
    undo.push(() => door.close(0));
    const rpc = await openRpcBase(door, run.strict, log);
    undo.push(rpc.close);
    const stray = containStrayErrors(log);
    undo.push(stray.stop);
    describeHost(settings, door.host);
    const app = await loadApp({ directory: run.appDirectory, settings, log });
    undo.push(app.unload);
    const parts = assemble(run, { app, door, rpc, stray });
    begin(parts, door, rpc);
    log.write('information', `${app.functions.length} functions are served on ${door.url}.`);
    const close = async (): Promise<void> => {
      await end(parts, door, rpc);
      await app.unload();
      stray.stop();
    };
    return { url: door.url, close };
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

function begin(parts: Parts, door: FrontDoor, rpc: RpcBase): void {
  parts.engine.open();
  rpc.serve(parts.durable);
  door.serve((exchange) => dispatch(parts.surface, exchange));
  for (const timer of parts.timers) timer.start();
}

/**
 * Running functions end first, while the durable clients that they hold still reach the host; work
 * that does not end in time is taken up by the next start.
 */
async function end(
  { timers, engine, surface }: Parts,
  door: FrontDoor,
  rpc: RpcBase,
): Promise<void> {
  const rpcPath = surface.rpc ? `/rpc/${surface.rpc.secret}/` : undefined;
  door.stopServing(({ path }) => rpcPath !== undefined && path.startsWith(rpcPath));
  const deadline = performance.now() + drainMs;
  const leftMs = (): number => Math.max(0, deadline - performance.now());
  const patience = new Promise<void>((resolve) => {
    setTimeout(resolve, drainMs).unref();
  });
  const stopped = Promise.all(timers.map((timer) => timer.stop()));
  await Promise.race([stopped, patience]);
  await engine.close(leftMs());
  await Promise.all([door.close(leftMs()), rpc.close()]);
}
