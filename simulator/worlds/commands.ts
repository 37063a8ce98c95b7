import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { diffJson, diffWorlds, printDiff } from './diff';
import { readSnapshot } from './read-snapshot';

export const worldUsage = `       azure snapshot [PLACE] [--out FILE]
       azure diff PLACE [PLACE] [--json] [--exit-code]

  A PLACE is a file that holds a world, or the address of a simulator with --control;
  where one is missing, the simulator at http://127.0.0.1:7072. With --exit-code diff
  ends with 1 when the worlds differ.`;

const defaultPlace = 'http://127.0.0.1:7072';

/** Commands that look at worlds: each says what it has to say, and gives the exit code. */
export const worldCommands: Readonly<
  Record<string, (args: readonly string[], say: (text: string) => void) => Promise<number>>
> = { snapshot, diff };

async function snapshot(args: readonly string[], say: (text: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { out: { type: 'string' } },
    allowPositionals: true,
  });
  const world = await readSnapshot(positionals[0] ?? defaultPlace);
  const text = `${JSON.stringify(world, undefined, 1)}\n`;
  if (values.out === undefined) {
    say(text);
    return 0;
  }
  await writeFile(values.out, text);
  say(`${Object.keys(world).length} resources are in ${values.out}\n`);
  return 0;
}

async function diff(args: readonly string[], say: (text: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      'exit-code': { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [before, after = defaultPlace] = positionals;
  if (before === undefined) throw new Error('diff needs a world to begin with. Name a file.');
  const found = diffWorlds(await readSnapshot(before), await readSnapshot(after));
  say(`${values.json ? JSON.stringify(diffJson(found), undefined, 2) : printDiff(found)}\n`);
  const differences = found.added.length + found.removed.length + found.changed.length;
  return values['exit-code'] && differences > 0 ? 1 : 0;
}
