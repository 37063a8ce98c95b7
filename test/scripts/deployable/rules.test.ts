import type { Metafile } from 'esbuild';

import { devPackagesIn, violationsIn } from '../../../scripts/deployable/rules.mts';

const bounds = {
  entry: 'functions/index.ts',
  devPackages: new Set(['node_modules/jest', 'node_modules/axios/node_modules/debug']),
  notBundled: ['@azure/functions-core'],
};

interface Output {
  readonly files: readonly string[];
  readonly entryPoint?: string;
  readonly imports?: Metafile['outputs'][string]['imports'];
}

/** A metafile of outputs with some code of each file; `empty:` marks a file of which nothing is left. */
function metafile(
  outputs: Readonly<Record<string, Output>>,
  importers: Readonly<Record<string, string>> = {},
): Metafile {
  const inputs = Object.entries(importers).map(([file, path]) => [
    file,
    { bytes: 1, imports: [{ path, kind: 'import-statement' }] },
  ]);
  const made = Object.entries(outputs).map(([path, { files, entryPoint, imports = [] }]) => [
    path,
    {
      bytes: 1,
      exports: [],
      imports,
      ...(entryPoint !== undefined && { entryPoint }),
      inputs: Object.fromEntries(
        files.map((file) => [
          file.replace('empty:', ''),
          { bytesInOutput: file.startsWith('empty:') ? 0 : 1 },
        ]),
      ),
    },
  ]);
  return {
    inputs: Object.fromEntries(inputs) as Metafile['inputs'],
    outputs: Object.fromEntries(made) as Metafile['outputs'],
  };
}

/** One output, the entry's, with these files. */
function entryWith(...files: readonly string[]): Metafile {
  return metafile({ 'index.mjs': { files, entryPoint: bounds.entry } });
}

describe('the rules of the deployable bundle', () => {
  it('have nothing against code of the product and packages', () => {
    const files = ['functions/index.ts', 'domain/ids.ts', 'node_modules/zod/v4/index.js'];

    expect(violationsIn(entryWith(...files), bounds)).toEqual([]);
  });

  it.each(['simulator/index.ts', 'host/main.ts', 'cli/start.ts', 'inspect/main.ts', 'test/a.ts'])(
    'refuse %s, whoever imports it',
    (file) => {
      const found = metafile(
        {
          'index.mjs': { files: ['functions/index.ts'], entryPoint: bounds.entry },
          'chunks/later.mjs': { files: [file] },
        },
        { 'clients/index.ts': file },
      );

      expect(violationsIn(found, bounds)).toEqual([
        `${file}, imported by clients/index.ts, is no part of the product. Do not import it there.`,
      ]);
    },
  );

  it.each(['node_modules/jest/index.js', 'node_modules/axios/node_modules/debug/src/node.js'])(
    'refuse %s, which only a devDependency brings',
    (file) => {
      expect(violationsIn(entryWith(file), bounds)).toEqual([
        `${file} is of a devDependency. Make it a dependency.`,
      ]);
    },
  );

  it('tell a package from another one of the same name elsewhere', () => {
    expect(violationsIn(entryWith('node_modules/debug/src/node.js'), bounds)).toEqual([]);
  });

  it.each([
    'node_modules/@azure/arm-containerservice/dist/esm/index.js',
    'node_modules/@azure/identity/dist/esm/index.js',
    'node_modules/@azure/data-tables/dist/esm/index.js',
    'node_modules/@azure/core-rest-pipeline/dist/esm/index.js',
    'node_modules/@opentelemetry/sdk-node/build/src/index.js',
    'node_modules/@kubernetes/client-node/dist/index.js',
  ])('refuse %s at start, and not later', (file) => {
    const kinds = ['import-statement', 'dynamic-import'] as const;
    const found = kinds.map((kind) =>
      violationsIn(
        metafile({
          'index.mjs': {
            files: ['functions/index.ts'],
            entryPoint: bounds.entry,
            imports: [{ path: 'chunks/shared.mjs', kind: 'import-statement' }],
          },
          'chunks/shared.mjs': { files: [], imports: [{ path: 'chunks/sdk.mjs', kind }] },
          'chunks/sdk.mjs': { files: [file] },
        }),
        bounds,
      ),
    );

    expect(found).toEqual([[`${file} is loaded at start. Load it by await import().`], []]);
  });

  it('have nothing against the OpenTelemetry API, which durable-functions brings', () => {
    expect(
      violationsIn(entryWith('node_modules/@opentelemetry/api/dist/index.cjs'), bounds),
    ).toEqual([]);
  });

  it('look at what is left of a file, not at what was read', () => {
    expect(violationsIn(entryWith('empty:node_modules/@azure/identity/index.js'), bounds)).toEqual(
      [],
    );
  });

  it('refuse a package that would have to be there at run time', () => {
    const imports = ['node:fs', 'zlib', '@azure/functions-core', 'kerberos'].map((path) => ({
      path,
      kind: 'require-call' as const,
      external: true,
    }));
    const found = metafile({ 'index.mjs': { files: [], entryPoint: bounds.entry, imports } });

    expect(violationsIn(found, bounds)).toEqual([
      'kerberos is not bundled, and not there at run time. Bundle it.',
    ]);
  });
});

describe('devPackagesIn', () => {
  it('finds what npm marks in the lockfile', () => {
    const packages = { '': {}, 'node_modules/zod': {}, 'node_modules/jest': { dev: true } };

    expect([...devPackagesIn(JSON.stringify({ packages }))]).toEqual(['node_modules/jest']);
  });
});
