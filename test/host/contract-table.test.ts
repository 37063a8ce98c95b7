import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from './support/build-host';

/** The third column of every row, part by part: a test and words of its title, or recordings. */
const proofs = readFileSync(join(__dirname, 'CONTRACT.md'), 'utf8')
  .split('## Not done')[0]
  ?.split('\n')
  .filter((line) => /^\| \d/.test(line))
  .flatMap((line) => (line.split(' | ')[2] ?? '').replace(/ \|$/, '').split('; '));

const files = new Map<string, string>();

function textOf(file: string): string {
  const path = join(__dirname, file);
  const text = files.get(file) ?? (existsSync(path) ? readFileSync(path, 'utf8') : '');
  files.set(file, text);
  return text;
}

describe('the contract in CONTRACT.md', () => {
  it('names tests that exist', () => {
    const missing = proofs?.filter((proof) => {
      const [, file, title] = /^`([^`]+\.ts)` (.+)$/.exec(proof) ?? [];
      return file !== undefined && title !== undefined && !textOf(file).includes(title);
    });

    expect(missing).toEqual([]);
  });

  it('names recordings that exist', () => {
    const ids = proofs
      ?.filter((proof) => proof.startsWith('recordings: '))
      .flatMap((proof) => proof.replace('recordings: ', '').split(', '));
    const folder = join(root, 'test/data/functions-host/cases');

    const missing = ids?.filter((id) => !existsSync(join(folder, `${id}.json`)));

    expect(ids?.length).toBeGreaterThan(50);
    expect(missing).toEqual([]);
  });

  it('shows every statement by a test or a recording', () => {
    const unproven = proofs?.filter(
      (proof) => !/^(`[^`]+`|recordings:|every engine test)/.test(proof),
    );

    expect(unproven).toEqual([]);
  });
});
