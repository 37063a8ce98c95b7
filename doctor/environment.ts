import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Environment } from '../settings/parse-settings';

/**
 * The settings as the app would have them: a file that is named wins over the environment, which wins over
 * `local.settings.json`.
 *
 * @param folder that paths are meant from.
 * @throws Error of one line when a file cannot be read.
 */
export function environmentFor(
  file: string | undefined,
  { environment, folder }: { readonly environment: Environment; readonly folder: string },
): Environment {
  if (file !== undefined) return { ...environment, ...valuesIn(resolve(folder, file)) };
  const local = resolve(folder, 'local.settings.json');
  return existsSync(local) ? { ...valuesIn(local), ...environment } : environment;
}

function valuesIn(path: string): Environment {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as { readonly Values?: object };
    const values = Object.entries(file.Values ?? {}).map(([name, value]) => [name, String(value)]);
    return Object.fromEntries(values) as Environment;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(`${path} cannot be read as settings: ${reason ?? ''}.`, { cause: error });
  }
}
