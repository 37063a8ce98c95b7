import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { HostError } from './host-error';

/** A folder that belongs to this host alone until it is released. */
export interface DataFolder {
  path(file: string): string;
  readonly release: () => void;
  /** Releases it, and removes it if it was made for this. */
  abandon(): void;
}

/**
 * Makes the folder (readable for its owner alone) and takes it. The lock is a transaction that is
 * never committed, so it ends with the process, however that ends.
 * @throws HostError when another host has it, or it cannot be used
 */
export function takeDataFolder(directory: string): DataFolder {
  const made = make(directory);
  const release = lock(directory);
  if (!release) {
    throw new HostError(
      `Another host uses the data folder ${directory}. Stop it, or start this one with a folder of its own.`,
    );
  }
  return {
    path: (file) => join(directory, file),
    release,
    abandon() {
      release();
      if (made !== undefined) rmSync(made, { recursive: true, force: true });
    },
  };
}

/**
 * Takes a folder that a host left, for a look; undefined while a host has it.
 * @throws HostError when there is none, or it cannot be used
 */
export function takeLeftFolder(directory: string): (() => void) | undefined {
  if (existsSync(join(directory, 'durable.db'))) return lock(directory);
  throw new HostError(
    `No host has kept its state in ${directory}. Give the folder that a host was started with as --data.`,
  );
}

/** The outermost folder that had to be made; undefined when all were there. */
function make(directory: string): string | undefined {
  try {
    return mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unusable(directory, error);
  }
}

const sqliteBusy = 5;

/** What ends the lock; undefined when another process has it. */
function lock(directory: string): (() => void) | undefined {
  let database: DatabaseSync | undefined;
  try {
    const opened = new DatabaseSync(join(directory, 'owner.lock'), { timeout: 0 });
    database = opened;
    opened.exec('BEGIN EXCLUSIVE');
    return () => {
      opened.close();
    };
  } catch (error) {
    database?.close();
    if ((error as { errcode?: unknown }).errcode === sqliteBusy) return undefined;
    throw unusable(directory, error);
  }
}

function unusable(directory: string, error: unknown): HostError {
  const reason = error instanceof Error ? error.message : String(error);
  return new HostError(
    `The data folder ${directory} cannot be used: ${reason}. Make it writable, or choose another one.`,
  );
}
