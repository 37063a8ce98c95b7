import { rmSync } from 'node:fs';

import type { DataFolder } from './data-folder';
import { readJsonObject, writePrivateJson } from './files';
import type { HostLog } from './log';

const file = 'running.json';

/** Word in the data folder of where this host answers. */
export interface RunningNote {
  readonly write: (url: string) => void;
  readonly remove: () => void;
}

/** Opens a note, without what a host that was killed has left in it. */
export function openRunningNote(folder: DataFolder, log: HostLog): RunningNote {
  const path = folder.path(file);
  const remove = (): void => {
    rmSync(path, { force: true });
  };
  remove();
  return {
    write: (url) => {
      try {
        writePrivateJson(path, { url });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log.write('warning', `${reason} Until the next start, trace does not find this host.`);
      }
    },
    remove,
  };
}

/** Where the host that has this folder answers; undefined before it is ready. */
export function readRunning(directory: string): string | undefined {
  const url = readJsonObject(`${directory}/${file}`)?.['url'];
  return typeof url === 'string' ? url : undefined;
}
