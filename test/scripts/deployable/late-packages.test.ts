import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const library = dirname(createRequire(__filename).resolve('durable-functions/package.json'));

/** Members of a package's module that durable-functions reads, anywhere. */
function usedOf(name: string): readonly string[] {
  const folder = join(library, 'lib/src');
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .filter((text) => text.includes(`require("${name}")`));
  const uses = code.flatMap((text) =>
    [...text.matchAll(new RegExp(`\\b${name}_1\\.([\\w.]+)`, 'g'))].map(([, member]) => member),
  );
  return [...new Set(uses)].sort() as string[];
}

describe('what stands for a package that durable-functions requires too early', () => {
  it.each([
    ['axios', ['default.create']],
    ['validator', ['isURL']],
  ])('stands for all that it uses of %s', (name, members) => {
    expect(usedOf(name)).toEqual(members);
  });
});
