import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { licenceTexts } from '../../../scripts/deployable/licences.mts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'steward-licences-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A package of the given files; its folder. */
function packageWith(name: string, files: Readonly<Record<string, string>>): string {
  const folder = `node_modules/${name}`;
  const about = JSON.stringify({ name, version: '1.2.3', license: 'MIT' });
  for (const [path, text] of Object.entries({ 'package.json': about, ...files })) {
    const file = join(root, folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

describe('licenceTexts', () => {
  it.each(['LICENSE', 'LICENCE.txt', 'license.md', 'License', 'COPYING'])('takes %s', (file) => {
    const folder = packageWith('one', { [file]: 'Do as you like.\r\nBut say so.\n' });

    expect(licenceTexts(root, [folder])).toBe('one 1.2.3 (MIT)\n\nDo as you like.\nBut say so.\n');
  });

  it('takes notices too, and puts packages in order', () => {
    const folders = [
      packageWith('two', { LICENSE: 'Licence of two.' }),
      packageWith('@scope/one', { LICENSE: 'Licence of one.', NOTICE: 'Notice of one.' }),
    ];

    expect(licenceTexts(root, folders).split(/\n-{80}\n\n/)).toEqual([
      '@scope/one 1.2.3 (MIT)\n\nLicence of one.\nNotice of one.\n',
      'two 1.2.3 (MIT)\n\nLicence of two.\n',
    ]);
  });

  it.each([
    ['# one\n\n## License\n\nDo as you like.\n\n## Thanks\n\nNobody.\n'],
    ['one\n===\n\nLicense\n-------\n\nDo as you like.\n\n[link]: https://example.com\n'],
    ['# one\n\n# License (MIT)\n\nDo as you like.'],
  ])('takes the section of the README when there is no file: %j', (readme) => {
    const folder = packageWith('one', { 'README.md': readme });

    expect(licenceTexts(root, [folder])).toBe('one 1.2.3 (MIT)\n\nDo as you like.\n');
  });

  it('says the same once', () => {
    const license = { LICENSE: 'Do as you like.' };
    const folders = [packageWith('one', license), packageWith('one', license)];

    expect(licenceTexts(root, folders)).toBe('one 1.2.3 (MIT)\n\nDo as you like.\n');
  });

  it('refuses a package without a text: its name alone is no licence', () => {
    const folder = packageWith('one', { 'README.md': '# one\n\nLicensed under MIT.\n' });

    expect(() => licenceTexts(root, [folder])).toThrow(
      'node_modules/one is bundled and has no licence text. Use another package.',
    );
  });
});
