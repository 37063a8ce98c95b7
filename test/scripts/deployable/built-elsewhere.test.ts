import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import type { Metafile } from 'esbuild';

import { packageOf } from '../../../scripts/deployable/contents.mts';

jest.setTimeout(60_000);

const root = join(__dirname, '../../..');
const metafile = JSON.parse(
  readFileSync(join(root, '.deploy-maps/metafile.json'), 'utf8'),
) as Metafile;

let elsewhere: string;

beforeAll(() => {
  elsewhere = mkdtempSync(join(tmpdir(), 'steward elsewhere-'));
  copySources(elsewhere);
});

afterAll(() => {
  rmSync(elsewhere, { recursive: true });
});

describe('the deployable zip, made elsewhere', () => {
  it('is the same byte for byte, in another time zone, by somebody stricter', () => {
    const { zip, stderr } = makeZip(elsewhere);

    expect(stderr).toBe('');
    expect(hashOf(zip)).toBe(hashOf(readFileSync(join(root, '.deploy.zip'))));
  });

  it('is not made of code that must stay here', () => {
    mkdirSync(join(elsewhere, 'cli'));
    writeFileSync(join(elsewhere, 'cli/noise.ts'), "process.stdout.write('noise');\n");
    appendFileSync(join(elsewhere, 'functions/index.ts'), "import '../cli/noise';\n");

    const { zip, stderr } = makeZip(elsewhere);

    expect(zip).toHaveLength(0);
    expect(stderr).toContain(
      'Undeployable: cli/noise.ts, imported by functions/index.ts, is no part of the product. Do not import it there.\n',
    );
  });
});

/** What the bundle is made of, and what it is made with. */
function copySources(folder: string): void {
  const packages = new Set(Object.keys(metafile.inputs).flatMap((file) => packageOf(file) ?? []));
  const files = [
    ...Object.keys(metafile.inputs).flatMap((file) => [file, ...mapsOf(file)]),
    ...[...packages].flatMap((path) =>
      readdirSync(join(root, path), { withFileTypes: true })
        .filter((each) => each.isFile())
        .map(({ name }) => join(path, name)),
    ),
    ...['package.json', 'package-lock.json', 'host.json', 'LICENSE', 'tsconfig.json'],
  ];
  for (const file of new Set(files.flatMap((each) => [each, ...manifestsAbove(each)]))) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
  for (const tool of ['esbuild', 'fflate']) {
    symlinkSync(join(root, 'node_modules', tool), join(folder, 'node_modules', tool));
  }
}

/** Source maps of packages are read too, and show in the names of chunks. */
function mapsOf(file: string): readonly string[] {
  if (!existsSync(join(root, file))) return [];
  const [, map] =
    /\/\/# sourceMappingURL=(\S+)\s*$/.exec(readFileSync(join(root, file), 'utf8')) ?? [];
  return map === undefined || map.startsWith('data:') ? [] : [join(dirname(file), map)];
}

/** They say which files of a package are ES modules. */
function manifestsAbove(file: string): readonly string[] {
  const folder = dirname(file);
  if (folder === '.') return [];
  const manifest = join(folder, 'package.json');
  return [...(existsSync(join(root, manifest)) ? [manifest] : []), ...manifestsAbove(folder)];
}

function makeZip(folder: string): { readonly zip: Uint8Array; readonly stderr: string } {
  const script = `
    process.umask(0o077);
    const { buildDeployable } = await import('./scripts/deployable/build-deployable.mts');
    const { zipOf } = await import('./scripts/deployable/zip.mts');
    const { files } = await buildDeployable(process.cwd(), 'storage');
    process.stdout.write(zipOf(new Map([...files].reverse())));`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, TZ: 'Asia/Kathmandu', NODE_OPTIONS: '' },
    maxBuffer: 16 * 1024 * 1024,
  });
  return { zip: stdout, stderr: stderr.toString() };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
