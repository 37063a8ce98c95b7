import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';

import { freePortPair, startSteward } from '../../e2e/support/steward-process';
import { historiesFolder } from './recorded';

/** When `npm start` is stopped, and with what options it runs. */
export interface Moment {
  readonly name: string;
  readonly options: readonly string[];
  /** What it says then */
  readonly says: string;
}

const fleet = ['--clusters', '2', '--speed', '600'];

export const moments: readonly Moment[] = [
  { name: 'a-switch-of-identities', options: fleet, says: 'Azure works on the identity switch' },
  { name: 'a-roll-of-nodes', options: fleet, says: 'rollNodeImages' },
];

/** A migration in its soak, left by the engine in virtual time: without a host. */
export const migrationMoment = 'a-migration';

const card = 'options.json';

const kept = /\.db$|^fleet\.json$|timers\.json$/; // keys are the host's own, and it makes new ones

/** Runs `npm start`, stops it at the moment, and keeps its data folder. */
export async function keepInFlight(
  { name, options, says }: Moment,
  { at, work }: { readonly at: string; readonly work: string },
): Promise<void> {
  rmSync(work, { recursive: true, force: true });
  const port = String(await freePortPair());
  const steward = startSteward(['--once', ...options, '--port', port, '--data', work]);
  const deadline = performance.now() + 120_000;
  while (!steward.output().includes(says) && performance.now() < deadline) await sleep(10);
  steward.signal('SIGINT');
  const { stdout } = await steward.ended;
  if (!stdout.includes(says)) throw new Error(`${name} did not come: ${stdout}`);
  keep(work, at);
  writeFileSync(join(at, card), `${JSON.stringify(options)}\n`);
}

/** Compresses what is to be kept of a data folder, which goes. */
export function keep(work: string, at: string): void {
  forgetSigningKey(join(work, 'azure/azure.db'));
  const files = readdirSync(work, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((each) => kept.test(each))) {
    const path = join(at, `${file}.gz`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gzipSync(readFileSync(join(work, file)), { level: 9 }));
  }
  rmSync(work, { recursive: true, force: true });
}

/** A private key has no place in a repository; the simulated Azure makes another one. */
function forgetSigningKey(path: string): void {
  const database = new DatabaseSync(path);
  database.exec("DELETE FROM records WHERE kind = 'meta' AND key = 'signing key'; VACUUM");
  database.close();
}

export function inFlightFolder(root: string, build: string): string {
  return join(root, historiesFolder, build, 'in-flight');
}

/** A data folder that an earlier build has left in the middle of its work. */
export interface InFlight {
  readonly name: string;
  readonly options: readonly string[];
  readonly copyTo: (folder: string) => void;
}

export function inFlight(root: string): readonly InFlight[] {
  const all = join(root, historiesFolder);
  const files = readdirSync(all, { recursive: true, encoding: 'utf8' }).sort();
  return files
    .filter((file) => basename(file) === card)
    .map((file) => {
      const at = join(all, dirname(file));
      return {
        name: dirname(file).replace('/in-flight', ''),
        options: JSON.parse(readFileSync(join(at, card), 'utf8')) as readonly string[],
        copyTo: (folder) => {
          copy(at, folder);
        },
      };
    });
}

/** The opposite of `keep`. */
export function copy(from: string, to: string): void {
  for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.gz')) continue;
    const path = join(to, file.slice(0, -'.gz'.length));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gunzipSync(readFileSync(join(from, file))));
  }
}
