import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** What `npm run host` and `npm run azure` give Node: see `scripts/bootstrap.mjs`. */
const flags = {
  host: [
    '--disable-warning=ExperimentalWarning',
    '--max-semi-space-size=16',
    '--heap-growing-percent=20',
  ],
  simulator: ['--disable-warning=ExperimentalWarning'],
};

export interface Launch {
  /** Programs and arguments in front of Node. */
  readonly prefix?: readonly string[];
  readonly nodeFlags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A program of `dist/`, in a process of its own. */
export class Program {
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private output = '';

  constructor(name: keyof typeof flags, args: readonly string[], launch: Launch = {}) {
    const node = [process.execPath, ...flags[name], ...(launch.nodeFlags ?? [])];
    const [command = '', ...rest] = [
      ...(launch.prefix ?? []),
      ...node,
      join(root, `dist/${name}/main.mjs`),
      ...args,
    ];
    const env = { ...process.env, ...launch.env };
    this.child = spawn(command, rest, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        if (this.output.length < 20_000) this.output += text;
      });
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** What the pattern's first group matches in the output. @throws when the program ends before. */
  async says(pattern: RegExp): Promise<string> {
    const over = this.ended.then(() => 'over');
    for (;;) {
      const found = pattern.exec(this.output)?.[1];
      if (found !== undefined) return found;
      const next = this.child.stdout === null ? over : once(this.child.stdout, 'data');
      if ((await Promise.race([next, over])) === 'over') {
        throw new Error(`The program ended before it was ready:\n${this.output}`);
      }
    }
  }

  /** Ends it, by the id of the process behind the prefix if there is one. */
  async stop(signal: NodeJS.Signals, pid = this.child.pid): Promise<void> {
    if (this.child.exitCode === null && pid !== undefined) process.kill(pid, signal);
    await this.ended;
  }
}
