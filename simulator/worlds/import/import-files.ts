import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Scenario } from '../../scenario';
import { importWorld } from './import-world';
import { readExport } from './read-export';

/**
 * The scenario with the resources of exports beside its own.
 *
 * @throws Error that names the file, the row and the member.
 */
export async function withImports(
  scenario: Scenario,
  files: readonly string[],
  say: (line: string) => void,
): Promise<Scenario> {
  if (files.length === 0) return scenario;
  const texts = await Promise.all(files.map(read));
  const rows = texts.flatMap((text, index) => readExport(text, basename(files[index] ?? '')));
  const { resources, report, tenantId } = importWorld(rows, scenario.seed ?? 1);
  for (const line of report) say(line);
  return {
    ...(tenantId !== undefined && { tenantId }),
    ...scenario,
    resources: [...(scenario.resources ?? []), ...resources],
  };
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`The export ${file} cannot be read. Check its name.`, { cause });
  });
}
