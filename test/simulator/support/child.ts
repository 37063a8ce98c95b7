import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** The command `azure` as one file that a child process can run. */
export function bundleCommand(folder: string): string {
  const file = join(folder, 'azure.mjs');
  execFileSync(process.execPath, [
    join(root, 'node_modules/esbuild/bin/esbuild'),
    join(root, 'simulator/main.ts'),
    '--bundle',
    '--platform=node',
    '--format=esm',
    `--outfile=${file}`,
    '--log-level=warning',
  ]);
  return file;
}

export interface Child {
  readonly process: ChildProcess;
  readonly url: string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Starts the command and waits until it answers. */
export async function startChild(file: string, args: readonly string[]): Promise<Child> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /Simulated Azure at (\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => {
      reject(new Error(`azure ended with ${String(code)}: ${said}`));
    });
  });
  return {
    process: child,
    url,
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
