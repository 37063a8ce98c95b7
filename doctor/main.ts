/** `npm run doctor`: what is wrong with an installation, and what to do about it. */
import { parseDoctor, usage } from './arguments';
import type { Check } from './check';
import { examine } from './doctor';
import { environmentFor } from './environment';

async function main(args: readonly string[]): Promise<number> {
  const options = parseDoctor(args);
  if (options.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  // npm runs scripts in the project's folder; paths are meant from where it was called.
  const folder = process.env['INIT_CWD'] ?? process.cwd();
  const environment = environmentFor(options.settings, { environment: process.env, folder });
  Object.assign(process.env, environment); // where the credential looks for the identity of the app
  const checks = await examine(environment, options);
  const isWell = checks.every(({ state }) => state !== 'problem');
  const text = options.json ? JSON.stringify({ ok: isWell, checks }) : linesOf(checks);
  process.stdout.write(`${text}\n`);
  return isWell ? 0 : 1;
}

const marks: Readonly<Record<Check['state'], string>> = { ok: '✓', note: '·', problem: '✗' };

function linesOf(checks: readonly Check[]): string {
  const problems = checks.filter(({ state }) => state === 'problem').length;
  const lines = checks.map(({ area, state, text }) => `${marks[state]} ${area.padEnd(13)}${text}`);
  const last = problems === 0 ? 'Nothing is wrong.' : `${problems} to be mended.`;
  return [...lines, '', last].join('\n');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  process.stderr.write(`doctor: ${line}\n`);
  process.exitCode = 2;
}
