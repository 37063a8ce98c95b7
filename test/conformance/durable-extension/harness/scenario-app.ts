import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bundle } from '../../../host/support/build-host';

/** Makes the folder of a Functions app out of the module that registers its functions. */
export async function makeApp(
  directory: string,
  entry: string,
  durableTask: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await bundle(entry, directory);
  const write = (file: string, content: unknown): void => {
    writeFileSync(join(directory, file), JSON.stringify(content));
  };
  write('package.json', { main: 'main.mjs' });
  write('host.json', {
    version: '2.0',
    logging: { logLevel: { default: 'Error' } },
    extensions: { durableTask },
  });
}
