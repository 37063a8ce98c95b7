import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { bicepVersion, findBicep } from './support/find-bicep';

describe('the compiler', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'steward-find-bicep-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A program that says what the compiler says when it is asked for its version. */
  function compiler(version: string, path = 'bicep'): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho "Bicep CLI version ${version} (b34271ac51)"\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it('is the one that BICEP names', () => {
    const file = compiler(bicepVersion);

    expect(findBicep({ BICEP: file })).toBe(file);
  });

  it.each(['0.30.23', '0.49.20', '10.49.2'])(
    'is none that is of another version: %s',
    (version) => {
      const file = compiler(version);

      expect(findBicep({ BICEP: file, STEWARD_REQUIRE_BICEP: '1' })).toEqual({
        missing: `BICEP is not ${bicepVersion}`,
      });
    },
  );

  it('is none when BICEP names no program', () => {
    expect(findBicep({ BICEP: join(folder, 'nothing') })).toEqual({
      missing: `BICEP is not ${bicepVersion}`,
    });
  });
});
