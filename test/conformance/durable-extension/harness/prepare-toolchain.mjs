// Builds the engine and installs its storage emulator beside the installed packages, each only when its
// sources have changed. Prints one JSON object: paths, or why there is no real engine on this machine.
// With the argument `storage` it leaves the engine out.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const sources = dirname(import.meta.dirname);
const built = join(sources, '../../../node_modules/.cache/durable-extension');
const minimumSdk = 10;
const quietly = {
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
  DOTNET_GENERATE_ASPNET_CERTIFICATE: 'false',
};

async function prepare({ onlyStorage }) {
  const noSdk = onlyStorage ? undefined : missingSdk();
  if (noSdk !== undefined) return { missing: noSdk };
  mkdirSync(built, { recursive: true });
  const release = await takeTurn(join(built, 'busy'));
  try {
    const [engine, storage] = await Promise.all([
      onlyStorage ? undefined : buildEngine(),
      installStorage(),
    ]);
    if (engine !== undefined) return { missing: `the engine cannot be built: ${engine}` };
    if (storage !== undefined) return { missing: `Azurite cannot be installed: ${storage}` };
  } finally {
    release();
  }
  return {
    engineDll: join(built, 'engine/bin/durable-engine/release/Microsoft.Azure.WebJobs.Script.dll'),
    azurite: join(built, 'storage/node_modules/azurite/dist/src/azurite.js'),
  };
}

function missingSdk() {
  const { status, stdout } = spawnSync('dotnet', ['--list-sdks'], { encoding: 'utf8' });
  if (status !== 0) return 'there is no .NET SDK';
  const newest = Math.max(...stdout.split('\n').map((line) => Number.parseInt(line, 10) || 0));
  return newest < minimumSdk ? `there is no .NET SDK of version ${minimumSdk} or later` : undefined;
}

/** Several test files may come here at once: one builds, the others wait and find it done. */
async function takeTurn(file) {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch {
      if (!isAlive(Number(readIfThere(file)))) rmSync(file, { force: true });
      else await sleep(200);
    }
  }
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function buildEngine() {
  const folder = join(built, 'engine');
  const project = join(sources, 'engine/durable-engine.csproj');
  const options = ['-c', 'Release', '-v', 'quiet', '--nologo', '--artifacts-path', folder];
  return onceFor('engine', () => run('dotnet', ['build', project, ...options], sources));
}

function installStorage() {
  const folder = join(built, 'storage');
  return onceFor('storage', () => {
    cpSync(join(sources, 'storage'), folder, { recursive: true });
    return run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  });
}

/** What went wrong, if anything did; nothing is done when the sources are those of the last time. */
async function onceFor(name, make) {
  const stamp = join(built, `${name}.made-from`);
  const hash = createHash('sha256');
  for (const file of readdirSync(join(sources, name)).sort()) {
    hash.update(file).update(readFileSync(join(sources, name, file)));
  }
  const wanted = hash.digest('hex');
  if (readIfThere(stamp) === wanted) return undefined;
  rmSync(stamp, { force: true });
  const failure = await make();
  if (failure === undefined) writeFileSync(stamp, wanted);
  return failure;
}

/** The line of its output that says why a command failed; undefined when it succeeded. */
async function run(command, args, cwd) {
  const env = { ...process.env, ...quietly };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      output += part;
    });
  }
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', resolve);
  });
  if (code === 0) return undefined;
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /\berror\b/i.test(line)) ?? `${command} ended with ${code}`;
}

console.log(JSON.stringify(await prepare({ onlyStorage: process.argv[2] === 'storage' })));
