import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { build } from 'esbuild';
import type { BuildResult, Metafile } from 'esbuild';

import { filesIn, packageOf } from './contents.mts';
import { esModules, notBundled } from './esbuild-options.mts';
import { hostJsonFor } from './host-json.mts';
import type { Backend } from './host-json.mts';
import { latePackages, requiredHttp, withoutForms } from './late-packages.mts';
import { licenceTexts } from './licences.mts';
import { devPackagesIn, violationsIn } from './rules.mts';
import { Undeployable } from './undeployable.mts';
import type { Files } from './zip.mts';

/** What is deployed, and what stays behind to make sense of it. */
export interface Deployable {
  readonly files: Files;
  /** Source maps, by the paths of the files that they are for. */
  readonly maps: Files;
  readonly metafile: Metafile;
}

export const entry = 'functions/index.ts';

/**
 * Bundles the app: code that is loaded on first use in files of its own, and nothing else in the folder
 * but what the Functions host and the packages' licences ask for.
 *
 * @param root of the repository.
 * @throws Undeployable when something is in the bundle that must not be.
 */
export async function buildDeployable(root: string, backend: Backend): Promise<Deployable> {
  const outdir = join(root, '.deploy');
  const built = await build({
    ...esModules,
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    minifySyntax: true,
    minifyWhitespace: true, // names stay: stacks can be read, and the zip is hardly larger
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none', // see licences.mts
    plugins: [latePackages, requiredHttp],
    define: withoutForms,
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const { metafile } = built;
  const devPackages = devPackagesIn(read(root, 'package-lock.json'));
  const violations = violationsIn(metafile, { entry, devPackages, notBundled });
  if (violations.length > 0) throw new Undeployable(violations.join('\n'));
  const outputs = outputsOf(built, outdir);
  const isMap = (path: string): boolean => path.endsWith('.map');
  return {
    files: new Map([
      ...outputs.filter(([path]) => !isMap(path)),
      ...documents(root, backend, metafile),
    ]),
    maps: new Map(outputs.filter(([path]) => isMap(path))),
    metafile,
  };
}

function outputsOf({ outputFiles = [] }: BuildResult, outdir: string) {
  return outputFiles.map(
    ({ path, contents }) => [relative(outdir, path).replaceAll('\\', '/'), contents] as const,
  );
}

function documents(root: string, backend: Backend, metafile: Metafile) {
  const { name, version } = JSON.parse(read(root, 'package.json')) as Record<string, string>;
  const source = JSON.parse(read(root, 'host.json')) as Record<string, unknown>;
  const packages = new Set(filesIn(metafile).flatMap((file) => packageOf(file) ?? []));
  const texts = {
    'host.json': json(hostJsonFor(source, backend)),
    'package.json': json({ name, version, type: 'module', main: 'index.mjs' }),
    LICENSE: read(root, 'LICENSE'),
    'THIRD-PARTY-LICENSES.txt': licenceTexts(root, [...packages]),
  };
  return Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)] as const);
}

function read(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
