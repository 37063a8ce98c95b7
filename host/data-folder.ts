import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { HostError } from './host-error';

/** A folder that belongs to this host alone until it is released. */
export interface DataFolder {
  path(file: string): string;
  release(): void;
}

/**
 * Makes the folder (readable for its owner alone) and takes it. The lock is a transaction that is
 * never committed, so it ends with the process, however that ends.
 * @throws HostError when another host has it
 */
export function takeDataFolder(directory: string): DataFolder {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(directory, 'owner.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new HostError(
      `Another host uses the data folder ${directory}. Stop it, or start this one with a folder of its own.`,
    );
  }
  return {
    path: (file) => join(directory, file),
    release() {
      lock.close();
    },
  };
}
