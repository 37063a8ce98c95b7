// The one build: the app, the local host, the simulator and the command line as split ES modules in
// dist/. What `npm start` runs is what is deployed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const outdir = join(root, 'dist');
const stamp = join(outdir, '.stamp');
const sources = [
  'settings',
  'functions',
  'orchestrations',
  'activities',
  'domain',
  'clients',
  'telemetry',
  'host',
  'simulator',
  'cli',
  'inspect',
  'doctor',
];

/** Hash of everything that the output depends on. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = sources
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .filter((file) => /\.(ts|json)$/.test(file))
        .map((file) => join(folder, file)),
    );
  for (const file of [...files, 'package-lock.json', 'scripts/build.mjs'].sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

const entries = [
  'functions/index',
  'host/index',
  'host/main',
  'simulator/index',
  'simulator/main',
  'cli/main',
  'inspect/main',
  'doctor/main',
].filter((entry) => existsSync(join(root, `${entry}.ts`)));
const wanted = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  rmSync(outdir, { recursive: true, force: true });
  const { build } = await import('esbuild'); // not loaded when there is nothing to do
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries.map((entry) => [entry, `${entry}.ts`])),
    outdir,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    external: ['@azure/functions-core'],
    mainFields: ['module', 'main'],
    conditions: ['import', 'module', 'node'],
    // Some packages are CommonJS inside: they need a `require`, which an ES module does not have.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  writeFileSync(stamp, wanted);
}
