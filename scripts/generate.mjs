// Writes the files that are made from what the code declares: the table of settings and a
// sample of them, the roles that a deployment grants and what they are for.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const cache = join(root, 'node_modules/.cache/steward/generate');

/** Modules that tell what is to be written, each by a function. */
const sources = {
  'settings/documents': 'settingFiles',
  'activities/permission-files': 'permissionFiles',
};

await build({
  absWorkingDir: root,
  entryPoints: Object.keys(sources).map((source) => `${source}.ts`),
  outdir: cache,
  outbase: '.',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
for (const [source, files] of Object.entries(sources)) {
  const module = await import(pathToFileURL(join(cache, `${source}.mjs`)).href);
  for (const { path, text } of module[files]()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
