import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface HostProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything that it has logged so far */
  readonly lines: readonly string[];
  /** Asks it to end and waits until it has. */
  stop(): Promise<number | null>;
}

/** A machine that does much else at the same time needs as long as this. */
const patienceMs = 60_000;

/**
 * Starts the host command in a process of its own and waits until it serves.
 * @throws with what it printed, if it ends before that
 */
export async function startHostProcess(
  mainFile: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<HostProcess> {
  const child = spawn(process.execPath, [mainFile, '--port', '0', ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
    }, patienceMs);
    child.stderr.on('data', (part: Buffer) => lines.push(part.toString()));
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      const ready = /^\{"ready":"([^"]+)"\}$/.exec(line)?.[1];
      if (ready === undefined) return;
      clearTimeout(timer);
      resolve(ready);
    });
    child.once('close', () => {
      clearTimeout(timer);
      reject(new Error(lines.join('\n')));
    });
  });
  return { url, process: child, lines, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await closed;
  clearTimeout(timer);
  return child.exitCode;
}
