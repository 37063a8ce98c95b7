import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from './problem.mjs';
import { runProgram } from './run-program.mjs';

/**
 * Installs the packages of the lockfile into `root`, unless this very lockfile is installed already
 * for this kind of machine. A stamp remembers that; it is written only over a complete install.
 *
 * @param checkNode throws when the installed packages bring no Node that runs here.
 * @throws Problem when the packages cannot be had.
 */
export async function installOnce(root, checkNode) {
  const stamp = join(root, 'node_modules', '.steward-installed');
  const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lockfile).digest('hex');
  const wanted = `${process.platform}-${process.arch} ${hash}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

  try {
    rmSync(stamp, { force: true });
    await refuseIfUnreachable(root);
    process.stderr.write('Installing packages (about half a minute)…\n');
    await install(root);
    refuseIfIncomplete(root, JSON.parse(lockfile));
    checkNode();
    writeFileSync(stamp, wanted);
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(explain(root, String(error)));
  }
}

/** A registry that does not answer would keep `npm ci` busy for minutes; a ping tells in seconds. */
async function refuseIfUnreachable(root) {
  const args = ['ping', '--fetch-timeout=8000', '--fetch-retries=0', '--no-color'];
  const { code, signal, stderr, late } = await npm(root, args, { stopAfterMs: 12_000 });
  if (late) throw new Problem(unreachable);
  if (signal) throw stopped(code);
  if (code !== 0 && networkTrouble.test(stderr)) throw new Problem(unreachable);
}

async function install(root) {
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev', // also under NODE_ENV=production
    '--include=optional', // Node 24 comes as an optional package
    '--no-engine-strict', // npm may run on Node 20, the packages never do
    '--loglevel=warn',
    '--no-color',
  ];
  const { code, signal, stderr } = await npm(root, args, { stopWhen: diskFull });
  // npm reports success over files that it could not write.
  const damaged = /TAR_ENTRY_ERROR/.test(stderr) || diskFull.test(stderr);
  if (signal && !damaged) throw stopped(code);
  if (code !== 0 || damaged) throw new Problem(explain(root, stderr));
}

/** npm leaves out an optional package that it cannot fetch, and reports success. */
function refuseIfIncomplete(root, { packages }) {
  const missing = Object.entries(packages).find(
    ([path, { os, cpu, libc }]) =>
      os?.includes(process.platform) &&
      cpu?.includes(process.arch) &&
      libc === undefined &&
      !path.startsWith('node_modules/node-') && // may be blocked where Node 24 is there anyway
      !existsSync(join(root, path, 'package.json')),
  );
  if (!missing) return;
  throw new Problem(
    `npm left out ${missing[0]}: check that the npm registry offers the package, then run again.`,
  );
}

/** Runs the npm that runs this, or else the one on the PATH. */
async function npm(root, args, limits) {
  const cli = process.env.npm_execpath ?? '';
  const viaNode = /npm-cli\.c?js$/.test(cli); // other package managers set it too
  const [command, prefix] = viaNode
    ? [process.env.npm_node_execpath ?? process.execPath, [cli]]
    : ['npm', []];
  try {
    return await runProgram(command, [...prefix, ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: !viaNode && process.platform === 'win32',
      ...limits,
    });
  } catch (error) {
    throw new Problem(`npm could not be started (${error.message}): install npm, then run again.`);
  }
}

const diskFull = /ENOSPC|EDQUOT/;
const networkTrouble =
  /network timeout|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EHOSTUNREACH|ENETUNREACH/;
const unreachable =
  "The npm registry cannot be reached: check the network or npm's registry and proxy settings, then run again.";

function stopped(code) {
  return new Problem('The packages are not installed, npm was stopped: run again.', code);
}

function explain(root, text) {
  if (diskFull.test(text)) {
    return `No space is left for ${root} or npm's cache: free about 700 MB, then run again.`;
  }
  if (networkTrouble.test(text)) return unreachable;
  return `The packages could not be installed (${causeIn(text)}): run \`npm ci --ignore-scripts\` to see all of it.`;
}

/** The line in npm's output that says most. */
function causeIn(text) {
  const cause = text
    .split('\n')
    .filter((line) => !/^npm (warn|notice)\b/.test(line) || line.includes('TAR_ENTRY_ERROR'))
    .map((line) => line.replace(/^npm (error|ERR!|warn tar)\s*/, '').trim())
    .find((line) => line !== '' && !/^(code|errno|syscall|path|dest)\b/.test(line));
  return cause?.replace(/^[a-z]+ (?=E[A-Z]+:)/, '') ?? 'npm gave no reason';
}
