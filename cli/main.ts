/** The command `steward`. */
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

import { UsageError, usage } from './arguments';
import { start } from './start';

const commands: Readonly<
  Record<string, (root: string, args: readonly string[]) => Promise<number>>
> = { start };

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const command = commands[name];
  const root = join(dirname(import.meta.dirname), '..');
  try {
    if (args.includes('--help')) {
      process.stdout.write(`${usage}\n`);
      return 0;
    }
    if (command) return await command(root, args);
    throw new UsageError(
      `Unknown command '${name}'; known are ${Object.keys(commands).join(', ')}.`,
    );
  } catch (error) {
    const known = error instanceof Error && error.stack !== undefined && !isBug(error);
    process.stderr.write(`${known ? error.message : String((error as Error).stack)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** Errors of our own say what to do; only the others need their stack. */
function isBug(error: Error): boolean {
  return ['TypeError', 'ReferenceError', 'RangeError'].includes(error.name);
}

// The heap may grow by a fifth before it is collected, not by as much again: everything runs in here.
setFlagsFromString('--heap-growing-percent=20');

process.exitCode = await main(process.argv.slice(2));
