// What `npm run build` made, as it lies there.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SourceMap } from 'node:module';

import type { Metafile } from 'esbuild';
import { unzipSync } from 'fflate';

import { filesIn, loadedAtStart, packageOf } from '../../../scripts/deployable/contents.mts';

const root = join(__dirname, '../../..');
const zip = join(root, '.deploy.zip');
const folder = join(root, '.deploy');
const maps = join(root, '.deploy-maps');
const metafile = JSON.parse(readFileSync(join(maps, 'metafile.json'), 'utf8')) as Metafile;

/** Contents of all files below a folder, by path. */
function contentsOf(directory: string): Readonly<Record<string, string>> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(directory, path)).isFile())
    .map((path) => path.replaceAll('\\', '/'));
  return Object.fromEntries(
    paths.map((path) => [path, readFileSync(join(directory, path), 'base64')]),
  );
}

describe('the deployable zip', () => {
  const unzipped = unzipSync(readFileSync(zip));

  it('holds the folder that npm start runs, byte for byte', () => {
    const contents = Object.entries(unzipped).map(([path, bytes]) => [
      path,
      Buffer.from(bytes).toString('base64'),
    ]);

    expect(Object.fromEntries(contents)).toEqual(contentsOf(folder));
  });

  it('is small: at most 1.5 MB and 60 files (P16)', () => {
    expect(statSync(zip).size).toBeLessThanOrEqual(1.5 * 1024 * 1024);
    expect(Object.keys(unzipped).length).toBeLessThanOrEqual(60);
  });

  it('holds code, what describes the app, and licences, and nothing else', () => {
    const others = Object.keys(unzipped).filter((path) => !/^(chunks\/)?[\w-]+\.mjs$/.test(path));

    expect(others.sort()).toEqual([
      'LICENSE',
      'THIRD-PARTY-LICENSES.txt',
      'host.json',
      'package.json',
    ]);
  });

  it('says where the app begins, and nothing that an installation would look at', () => {
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual({
      name: 'aks-identity-steward',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      type: 'module',
      main: 'index.mjs',
    });
  });

  it('names every package of which it holds code in its licences', () => {
    const licences = readFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const packages = new Set(filesIn(metafile).flatMap((file) => packageOf(file) ?? []));
    const missing = [...packages].filter((path) => {
      const about = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as {
        readonly name: string;
        readonly version: string;
      };
      return !licences.includes(`${about.name} ${about.version} (`);
    });

    expect(packages.size).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });
});

describe('a cold start', () => {
  const atStart = filesIn(metafile, loadedAtStart(metafile, 'functions/index.ts'));

  it('loads the functions, and no SDK that only some invocations need (P17)', () => {
    const sdk = /@azure\/(?!functions)|@kubernetes|@typespec|@opentelemetry\/(?!api\/)/;

    expect(atStart).toEqual(expect.arrayContaining(['functions/index.ts', 'domain/ids.ts']));
    expect(atStart.filter((file) => sdk.test(file))).toEqual([]);
  });

  it('leaves those SDKs to chunks of their own', () => {
    const later = filesIn(metafile).filter((file) => !atStart.includes(file));
    const packages = new Set(later.flatMap((file) => packageOf(file) ?? []));

    for (const name of ['arm-containerservice', 'arm-resourcegraph', 'identity']) {
      expect(packages).toContain(`node_modules/@azure/${name}`);
    }
  });
});

describe('the source maps', () => {
  it('are there for every file of code, beside the folder that is deployed', () => {
    const code = Object.keys(contentsOf(folder)).filter((path) => path.endsWith('.mjs'));

    expect(Object.keys(contentsOf(maps)).sort()).toEqual(
      [...code.map((path) => `${path}.map`), 'metafile.json'].sort(),
    );
  });

  it('lead from a place in the bundle to the line of the source', () => {
    const map = readFileSync(join(maps, 'index.mjs.map'), 'utf8');
    const lines = readFileSync(join(folder, 'index.mjs'), 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('function parseSettings('));
    const column = lines[line]?.indexOf('function parseSettings(') ?? -1;
    const found = new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]);
    const origin = found.findEntry(line, column) as {
      readonly originalSource: string;
      readonly originalLine: number;
    };
    const source = readFileSync(join(maps, origin.originalSource), 'utf8').split('\n');

    expect(source[origin.originalLine]).toContain('function parseSettings(');
  });
});
