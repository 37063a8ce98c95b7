import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { UsageError } from './arguments';
import type { StartOptions } from './arguments';

interface Marker {
  readonly clusters: number;
  readonly seed: number;
  readonly scenario?: StartOptions['scenario'];
  /** Simulated time, in epoch milliseconds, at which the fleet was made. */
  readonly bornAt?: number;
  readonly finished?: boolean;
}

type Told = 'clusters' | 'seed' | 'scenario';

/** The folder of one fleet, and what is remembered of it between starts. */
export interface DataFolder {
  readonly path: string;
  /** Whether an earlier start has begun with this fleet. */
  readonly resumed: boolean;
  readonly bornAt: number | undefined;
  remember(change: { readonly bornAt?: number; readonly finished?: boolean }): void;
}

/**
 * Opens the folder of the wanted fleet. A named folder is never emptied. Without a name there is one
 * for each kind of fleet below `.data`; what is finished in there makes room for a new fleet.
 *
 * @throws UsageError when the named folder holds another fleet.
 */
export function openDataFolder(
  root: string,
  { data, clusters, seed, scenario }: StartOptions,
): DataFolder {
  const path =
    data === undefined
      ? join(root, '.data', scenario === 'fleet' ? `fleet-${clusters}-${seed}` : scenario)
      : resolve(data);
  const file = join(path, 'fleet.json');
  if (data === undefined && read(file)?.finished === true && !isHeld(path)) {
    rmSync(path, { recursive: true, force: true });
  }
  const found = read(file);
  if (found) requireSame(path, found, { clusters, seed, scenario });
  let marker: Marker = found ?? { clusters, seed, scenario };
  begin(path, file, marker);
  return {
    path,
    resumed: found !== undefined,
    bornAt: marker.bornAt,
    remember: (change) => {
      marker = { ...marker, ...change };
      writeFileSync(file, JSON.stringify(marker));
    },
  };
}

function requireSame(path: string, found: Marker, wanted: Required<Pick<Marker, Told>>): void {
  if ((found.scenario ?? 'fleet') !== wanted.scenario) {
    throw new UsageError(`${path} holds another scenario: name another --data.`);
  }
  if (found.clusters === wanted.clusters && found.seed === wanted.seed) return;
  throw new UsageError(
    `${path} holds a fleet of ${found.clusters} clusters with seed ${found.seed}: start with --clusters ${found.clusters} --seed ${found.seed}, or name another --data.`,
  );
}

function begin(path: string, file: string, marker: Marker): void {
  try {
    makeFolder(path);
    writeFileSync(file, JSON.stringify(marker));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Nothing can be kept in ${path} (${reason}): name another --data.`);
  }
}

/** Step by step: where a file system has no folders to make, Node's own recursion never ends. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 }); // keys and everything that was asked of Azure are in there
}

/** Whether another start is running on the folder: then the simulated Azure in there is locked. */
function isHeld(path: string): boolean {
  const file = join(path, 'azure', 'azure.db');
  if (!existsSync(file)) return false;
  try {
    const db = new DatabaseSync(file);
    try {
      db.exec('BEGIN EXCLUSIVE; ROLLBACK');
      return false;
    } finally {
      db.close();
    }
  } catch {
    return true;
  }
}

function read(file: string): Marker | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Marker;
  } catch {
    return undefined; // cut off while it was written: nothing was started with it
  }
}
