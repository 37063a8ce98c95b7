import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { version } from '../../domain/version';

describe('the version', () => {
  it('is the one of the package', () => {
    const path = join(__dirname, '../../package.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };

    expect(version).toBe(manifest.version);
  });
});
