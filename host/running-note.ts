import { rmSync } from 'node:fs';

import type { DataFolder } from './data-folder';
import { readJsonObject, writePrivateJson } from './files';

const file = 'running.json';

/** Leaves word in the data folder of where this host answers; the returned function takes it back. */
export function noteRunning(folder: DataFolder, url: string): () => void {
  const path = folder.path(file);
  writePrivateJson(path, { url });
  return () => {
    rmSync(path, { force: true });
  };
}

/** Where the host that has this folder answers; undefined before it is ready. */
export function readRunning(directory: string): string | undefined {
  const url = readJsonObject(`${directory}/${file}`)?.['url'];
  return typeof url === 'string' ? url : undefined;
}
