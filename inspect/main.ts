/**
 * `npm run --silent inspect -- BUNDLE.json`: what a saved cluster needs, or how the clusters of a saved fleet
 * leave pod identity, as JSON, with no server running and nothing asked of Azure.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { inspectBundle } from '../domain/bundle/inspection';
import { isFleetBundle, planFleetBundle } from '../domain/migration/bundle';

const usage = 'Usage: npm run --silent inspect -- BUNDLE.json';

/** @throws Error of one line. */
function inspectFile([path, ...rest]: readonly string[]): string {
  if (path === undefined || rest.length > 0) throw new Error(usage);
  // npm runs scripts in the project's folder; paths are meant from where it was called.
  const file = resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
  const bundle = parsed(read(file), path);
  const found = isFleetBundle(bundle) ? planFleetBundle(bundle) : inspectBundle(bundle);
  return JSON.stringify(found, undefined, 2);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new Error(
      `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

try {
  process.stdout.write(`${inspectFile(process.argv.slice(2))}\n`);
} catch (error) {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  process.stderr.write(`inspect: ${line}\n`);
  process.exitCode = 2;
}
