import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { readJsonObject } from '../files';
import { HostError } from '../host-error';

/**
 * The files that `main` of the app's `package.json` names (a path or a glob), in the order of their
 * names.
 * @throws HostError when there is none
 */
export function findAppFiles(appDirectory: string): string[] {
  if (!existsSync(appDirectory) || !statSync(appDirectory).isDirectory()) {
    throw new HostError(`${appDirectory} is not a folder. Give the folder of a Functions app.`);
  }
  const packageFile = join(appDirectory, 'package.json');
  const main = readJsonObject(packageFile)?.['main'] ?? 'index.js';
  if (typeof main !== 'string') {
    throw new HostError(`"main" in ${packageFile} is not a text. Name the app's files there.`);
  }
  const files = globSync(main, { cwd: appDirectory })
    .map((file) => join(appDirectory, file))
    .filter((file) => statSync(file).isFile())
    .sort();
  if (files.length === 0) {
    throw new HostError(
      `No file matches "main" in ${packageFile} ("${main}"). Build the app, or correct "main".`,
    );
  }
  return files;
}
