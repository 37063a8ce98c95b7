import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { unzipSync } from 'fflate';

/** Where the app is that the local host runs; to be disposed of when it does not run any more. */
export interface AppFolder extends Disposable {
  readonly path: string;
}

/** The app as it was built. */
export function builtApp(root: string): AppFolder {
  return { path: join(root, '.deploy'), [Symbol.dispose]: () => undefined };
}

/** What is in the deployable zip, unpacked where no installed package can be found. */
export function unpackedApp(root: string): AppFolder {
  const path = mkdtempSync(join(tmpdir(), 'steward-app-'));
  const files = unzipSync(readFileSync(join(root, '.deploy.zip')));
  for (const [name, contents] of Object.entries(files)) {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
