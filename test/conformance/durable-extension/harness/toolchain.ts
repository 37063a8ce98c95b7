import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../../../host/support/build-host';

/** The programs that the real engine needs, built and installed. */
export interface Toolchain {
  readonly engineDll: string;
  readonly azurite: string;
}

/** Why there is no real engine on this machine. */
export interface Missing {
  readonly missing: string;
}

const sources = join(__dirname, '..');
/** Beside the installed packages: ignored by git, and gone when those are installed afresh. */
const built = join(root, 'node_modules/.cache/durable-extension');
const minimumSdk = 10;

/** Builds the engine and installs its storage, both only when something has changed. */
export async function prepareToolchain(): Promise<Toolchain | Missing> {
  const missing = missingSdk();
  if (missing !== undefined) return { missing };
  const [engine, storage] = await Promise.all([buildEngine(), installStorage()]);
  if (engine !== undefined) return { missing: `the engine cannot be built: ${engine}` };
  if (storage !== undefined) return { missing: `Azurite cannot be installed: ${storage}` };
  return {
    engineDll: join(built, 'engine/bin/durable-engine/release/Microsoft.Azure.WebJobs.Script.dll'),
    azurite: join(built, 'storage/node_modules/azurite/dist/src/azurite.js'),
  };
}

function missingSdk(): string | undefined {
  const { status, stdout } = spawnSync('dotnet', ['--list-sdks'], { encoding: 'utf8' });
  if (status !== 0) return 'there is no .NET SDK';
  const newest = Math.max(...stdout.split('\n').map((line) => Number.parseInt(line, 10) || 0));
  return newest < minimumSdk ? `the .NET SDK is older than ${minimumSdk}` : undefined;
}

/** What went wrong, if anything did. */
async function buildEngine(): Promise<string | undefined> {
  const folder = join(built, 'engine');
  const options = ['-c', 'Release', '-v', 'quiet', '--nologo', '--artifacts-path', folder];
  const project = join(sources, 'engine/durable-engine.csproj');
  return run('dotnet', ['build', project, ...options], sources);
}

async function installStorage(): Promise<string | undefined> {
  const folder = join(built, 'storage');
  const lockfile = readFileSync(join(sources, 'storage/package-lock.json'), 'utf8');
  const stamp = join(folder, '.installed');
  const wanted = createHash('sha256').update(lockfile).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined;
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    copyFileSync(join(sources, 'storage', file), join(folder, file));
  }
  const failure = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  if (failure === undefined) writeFileSync(stamp, wanted);
  return failure;
}

const quietly = {
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
  DOTNET_GENERATE_ASPNET_CERTIFICATE: 'false',
};

/** The last lines of what a failing command printed; undefined when it succeeded. */
async function run(command: string, args: string[], cwd: string): Promise<string | undefined> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...quietly },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (part: Buffer): void => {
    output += part.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', ({ message }) => {
      resolve(message);
    });
    child.once('close', resolve);
  });
  return code === 0 ? undefined : `${command} ended with ${String(code)}: ${output.slice(-600)}`;
}
