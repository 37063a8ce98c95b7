import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from './bicep';

const made: string[] = [];

/** A copy of the modules and their parameter files, to be changed. */
export function copyOfModules(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-infra-'));
  made.push(folder);
  for (const part of ['bicepconfig.json', 'infra', 'test/data/infra']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  return folder;
}

/** To be called when the tests are over. */
export function removeCopies(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
}
