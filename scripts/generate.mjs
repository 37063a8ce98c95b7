// Writes the files that are made from what the code declares: the roles that a deployment grants, and their documentation.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const bundle = join(root, 'node_modules/.cache/steward/permission-files.mjs');

await build({
  absWorkingDir: root,
  entryPoints: ['activities/permission-files.ts'],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
const { permissionFiles } = await import(pathToFileURL(bundle).href);
for (const { path, text } of permissionFiles()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
