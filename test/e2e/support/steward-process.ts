import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program as a process of its own: what is built, on real ports and a real disk. */
export interface StewardProcess {
  readonly ended: Promise<Ended>;
  readonly output: () => string;
  /** As a power cut: nothing is told, the whole tree is gone. */
  readonly killHard: () => void;
  readonly signal: (signal: NodeJS.Signals) => void;
}

/** `npm start` without npm. */
export function startSteward(args: readonly string[]): StewardProcess {
  return startProgram('cli', ['start', ...args]);
}

/** `npm start`, `npm run host`, `npm run azure` or `npm run doctor`, without npm. */
export function startProgram(
  name: 'cli' | 'host' | 'simulator' | 'doctor',
  args: readonly string[],
): StewardProcess {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, `dist/${name}/main.mjs`), ...args],
    { cwd: root, env: environment(), detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    ended,
    output: () => stdout + stderr,
    killHard: () => {
      killGroup(child, 'SIGKILL');
    },
    signal: (signal) => {
      killGroup(child, signal);
    },
  };
}

/** Without the switches of the tests themselves, which are no settings of the app. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('STEWARD_')),
  );
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(-pid, signal);
}

export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'steward-e2e-'));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A port that is free together with the next one. */
export async function freePortPair(): Promise<number> {
  for (;;) {
    const first = await listen(0);
    const { port } = first.address() as AddressInfo;
    const second = await listen(port + 1).catch(() => undefined);
    await closed(first);
    if (second) {
      await closed(second);
      return port;
    }
  }
}

function listen(port: number): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** Polls until a look gives something; an error of a look counts as nothing yet. */
export async function eventually<T>(
  look: () => Promise<T | null | undefined> | T | null | undefined,
  { seconds = 30, every = 50 }: { readonly seconds?: number; readonly every?: number } = {},
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await attempt(look);
    if (found !== undefined && found !== null) return found;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

async function attempt<T>(look: () => T): Promise<Awaited<T> | undefined> {
  try {
    return await look();
  } catch {
    return undefined;
  }
}
