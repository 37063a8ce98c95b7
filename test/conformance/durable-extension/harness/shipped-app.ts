import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { unzipSync } from 'fflate';

import { bundle, root } from '../../../host/support/build-host';

/**
 * Makes the folder of an app out of what is deployed: its code to the byte, and beside it a module that
 * the host loads too. How Azure Storage is polled is the engine's own choice here.
 */
export async function unpackShipped(directory: string, beside: string): Promise<void> {
  const files = unzipSync(readFileSync(join(root, '.deploy.zip')));
  for (const [path, contents] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  await bundle(beside, join(directory, 'beside'));
  change<{ main: string }>(join(directory, 'package.json'), (manifest) => {
    manifest.main = `{${manifest.main},beside/main.mjs}`;
  });
  change<HostJson>(join(directory, 'host.json'), ({ extensions }) => {
    delete extensions.durableTask.storageProvider;
  });
}

interface HostJson {
  readonly extensions: { readonly durableTask: { storageProvider?: unknown } };
}

function change<T>(file: string, how: (content: T) => void): void {
  const content = JSON.parse(readFileSync(file, 'utf8')) as T;
  how(content);
  writeFileSync(file, JSON.stringify(content));
}
