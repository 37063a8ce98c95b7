// Plays what Steward does on this build of it and keeps the histories, for later builds to be held against.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(fileURLToPath(import.meta.url), '../..');
const program = join(root, 'dist/record-histories.cjs');

await build({
  entryPoints: [join(root, 'test/orchestrations/histories/record.ts')],
  outfile: program,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  // An orchestration is called by the name of its function.
  keepNames: true,
  define: { __dirname: JSON.stringify(join(root, 'test/orchestrations/histories')) },
  alias: { '@azure/functions-core': join(root, 'test/host/durable/support/functions-core.ts') },
  logLevel: 'error',
});
process.exitCode =
  spawnSync(process.execPath, [program, root, ...process.argv.slice(2)], { stdio: 'inherit' })
    .status ?? 1;
