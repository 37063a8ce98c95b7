import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { takeDataFolder } from '../../host/data-folder';

let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'steward-data-'));
});

afterEach(() => {
  rmSync(parent, { recursive: true });
});

describe('a data folder', () => {
  it('is made for its owner alone', () => {
    const directory = join(parent, 'a/b');

    takeDataFolder(directory).release();

    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('belongs to one host at a time', () => {
    const folder = takeDataFolder(parent);

    const second = (): unknown => takeDataFolder(parent);

    expect(second).toThrow(
      `Another host uses the data folder ${parent}. Stop it, or start this one with a folder of its own.`,
    );
    folder.release();
    expect(() => {
      takeDataFolder(parent).release();
    }).not.toThrow();
  });
});
