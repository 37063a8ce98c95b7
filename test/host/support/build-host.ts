import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { esModules } from '../../../scripts/deployable/esbuild-options.mts';

export const root = join(__dirname, '../../..');

/** Bundles the host command as the product's build does; the path of the bundle. */
export async function buildHost(): Promise<string> {
  return bundle(join(root, 'host/main.ts'), folderFor('host'));
}

/** A folder of this process alone. */
function folderFor(name: string): string {
  const unique = createHash('sha256').update(`${process.pid} ${name}`).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `steward-test-${unique}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Makes an ES-module bundle in the way in which the product is deployed. */
export async function bundle(entry: string, outdir: string): Promise<string> {
  await build({
    ...esModules,
    absWorkingDir: root,
    entryPoints: { main: entry },
    outdir,
    splitting: true,
    keepNames: true,
    logLevel: 'error',
  });
  return join(outdir, 'main.mjs');
}
