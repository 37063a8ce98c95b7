import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../../..');
const { resolve } = createRequire(__filename);

/** Members of a package's module that code in a folder reads, anywhere. `name` is what the code calls it. */
function usedIn(folder: string, packageName: string, name: string): readonly string[] {
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.m?js$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .filter((text) => new RegExp(`(?:require\\(|from )["']${packageName}["']`).test(text));
  const uses = code.flatMap((text) =>
    [...text.matchAll(new RegExp(`(?<![.\\w])${name}\\.([\\w.]+)`, 'g'))].map(
      ([, member]) => member,
    ),
  );
  return [...new Set(uses)].sort() as string[];
}

const durable = join(dirname(resolve('durable-functions/package.json')), 'lib/src');
const msal = join(dirname(resolve('@azure/msal-node')), '../dist');

describe('what stands for a package that is required too early', () => {
  it.each([
    [durable, 'axios', 'axios_1', ['default.create']],
    [durable, 'validator', 'validator_1', ['isURL']],
    [msal, 'jsonwebtoken', 'jwt', ['sign']],
  ])('stands for all that is used in %s of %s', (...[folder, name, called, members]) => {
    expect(usedIn(folder, name, called)).toEqual(members);
  });
});

describe('the deployable', () => {
  const folder = join(root, '.deploy');
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));

  it('never makes Node load an HTTP client of its own', () => {
    expect(code.filter((text) => /\bfrom ?["'](?:node:)?https?["']/.test(text))).toEqual([]);
    expect(code.filter((text) => /typeof FormData\b/.test(text))).toEqual([]);
  });
});
