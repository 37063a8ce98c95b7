// The one build. `.deploy/` and `.deploy.zip` are what is deployed and what `npm start` runs; `dist/` holds
// the programs around it: the local host, the simulator and the command line.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from './problem.mjs';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const stamp = join(dist, '.stamp');
const deployed = { folder: '.deploy', zip: '.deploy.zip', maps: '.deploy-maps' };
const notSources = ['node_modules', 'test', 'docs', 'infra', 'dist', 'coverage'];

/** Hash of everything that the output depends on. */
function fingerprint(backend) {
  const hash = createHash('sha256').update(backend);
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((each) => each.isDirectory() && !/^\./.test(each.name))
    .filter(({ name }) => !notSources.includes(name));
  const files = folders.flatMap(({ name }) =>
    readdirSync(join(root, name), { recursive: true })
      .filter((file) => /\.([cm]?[tj]s|json)$/.test(file))
      .map((file) => join(name, file)),
  );
  const others = ['package.json', 'package-lock.json', 'host.json', 'LICENSE'];
  for (const file of [...files, ...others].sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The programs that stay here. */
async function buildPrograms() {
  const { build } = await import('esbuild');
  const { esModules } = await import('./deployable/esbuild-options.mts');
  const entries = [
    'host/index',
    'host/main',
    'simulator/index',
    'simulator/main',
    'cli/main',
    'inspect/main',
    'doctor/main',
  ];
  await build({
    ...esModules,
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries.map((entry) => [entry, `${entry}.ts`])),
    outdir: dist,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
}

async function buildApp(backend) {
  const { buildDeployable } = await import('./deployable/build-deployable.mts');
  const { zipOf } = await import('./deployable/zip.mts');
  const { files, maps, metafile } = await buildDeployable(root, backend);
  for (const output of Object.values(deployed)) {
    rmSync(join(root, output), { recursive: true, force: true });
  }
  writeAll(deployed.folder, files);
  writeAll(deployed.maps, maps);
  writeFileSync(join(root, deployed.maps, 'metafile.json'), JSON.stringify(metafile));
  writeFileSync(join(root, deployed.zip), zipOf(files));
}

function writeAll(folder, files) {
  for (const [path, contents] of files) {
    const file = join(root, folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
}

function backendOf(args) {
  const { backend } = parseArgs({
    args,
    options: { backend: { type: 'string', default: 'storage' } },
  }).values;
  if (backend === 'storage' || backend === 'dts') return backend;
  throw new Problem(`--backend is '${backend}'; it must be storage or dts.`, 2);
}

try {
  const backend = backendOf(process.argv.slice(2));
  const wanted = fingerprint(backend);
  const isThere = [stamp, ...Object.values(deployed).map((output) => join(root, output))].every(
    (path) => existsSync(path),
  );
  if (!isThere || readFileSync(stamp, 'utf8') !== wanted) {
    rmSync(dist, { recursive: true, force: true });
    await Promise.all([buildPrograms(), buildApp(backend)]);
    writeFileSync(stamp, wanted);
  }
} catch (error) {
  if (!(error instanceof Problem) && error.name !== 'Undeployable') throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode ?? 1;
}
