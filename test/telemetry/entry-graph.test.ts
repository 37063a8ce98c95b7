import { join } from 'node:path';

import { build } from 'esbuild';
import type { Metafile } from 'esbuild';

const root = join(__dirname, '../..');

/** Files of packages that are in an output, or in what it imports when it is loaded. */
function packagesIn({ outputs }: Metafile, first: string): readonly string[] {
  const reached = new Set<string>();
  const reach = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind !== 'dynamic-import') reach(next);
    }
  };
  reach(first);
  const inputs = [...reached].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
  return inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
}

describe('what the app loads at its start', () => {
  let metafile: Metafile;
  const output = (source: string) =>
    Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === source) ??
    '';

  beforeAll(async () => {
    const result = await build({
      absWorkingDir: root,
      entryPoints: ['functions/index.ts'],
      outdir: 'dist',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      external: ['@azure/functions-core'],
      mainFields: ['module', 'main'],
      conditions: ['import', 'module', 'node'],
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    metafile = result.metafile;
  });

  it('is of OpenTelemetry the API alone', () => {
    const packages = packagesIn(metafile, output('functions/index.ts'));

    expect(packages).toContain('zod'); // the graph is followed
    expect(new Set(packages.filter((name) => name.startsWith('@opentelemetry/')))).toEqual(
      new Set(['@opentelemetry/api']),
    );
  });

  it('has the SDK in what is loaded on demand', () => {
    const packages = packagesIn(metafile, output('telemetry/export.ts'));

    expect(packages).toEqual(
      expect.arrayContaining([
        '@opentelemetry/sdk-trace',
        '@opentelemetry/exporter-trace-otlp-http',
      ]),
    );
  });
});
