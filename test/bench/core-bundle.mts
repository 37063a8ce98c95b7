import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { esModules } from '../../scripts/deployable/esbuild-options.mts';
import { root } from './program.mts';

/** Bundles the two libraries that every app needs, and nothing else; the bundle's path. */
export async function buildCoreBundle(folder: string): Promise<string> {
  const outfile = join(folder, 'core.mjs');
  await build({
    ...esModules,
    stdin: {
      contents: "export * from '@azure/functions'; export * as df from 'durable-functions';",
      resolveDir: root,
    },
    outfile,
    minify: true,
    logLevel: 'error',
  });
  return outfile;
}

/** Milliseconds that a fresh process takes to import it. */
export function importTime(bundle: string): number {
  const script = `
    const started = performance.now();
    await import(${JSON.stringify(bundle)});
    process.stdout.write(String(performance.now() - started));`;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(text);
}
