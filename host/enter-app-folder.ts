import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import type { HostOptions } from './index';

/**
 * Makes the app's folder the current one, as it is on Azure, where apps read files by relative paths.
 * Folders in the options that are relative to the one before are so no more.
 */
export function enterAppFolder(options: HostOptions): HostOptions {
  const appDirectory = resolve(options.appDirectory);
  const dataDirectory = resolve(options.dataDirectory);
  // Whatever else is there instead is reported when the app is loaded.
  if (existsSync(appDirectory) && statSync(appDirectory).isDirectory()) process.chdir(appDirectory);
  return { ...options, appDirectory, dataDirectory };
}
