import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { eventually, startProgram, temporaryFolder } from './steward-process';
import type { Ended } from './steward-process';

type Values = Readonly<Record<string, string>>;

const port = 0;
const settingsOf = (folder: string): Values => ({
  STEWARD_SUBSCRIPTIONS: '4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001',
  STEWARD_RECORDS: `sqlite:${join(folder, 'records', 'steward.db')}`,
  STEWARD_ARM_GATEWAY: 'http://127.0.0.1:9', // nobody listens there
});

/** The app on the local host, alone: there is no Azure. */
export interface OneHost extends AsyncDisposable {
  readonly url: string;
  /** Host key for functions and master key. */
  readonly keys: { readonly default: string; readonly master: string };
  readonly output: () => string;
}

/** @param values settings beside those that are needed; an empty text takes one away. */
export async function startOneHost(values: Values): Promise<OneHost> {
  const folder = temporaryFolder();
  const host = run(folder.path, values);
  const [, url = ''] = await eventually(() => /"ready":"([^"]+)"/.exec(host.output()));
  const { functionKeys, master } = JSON.parse(
    readFileSync(join(folder.path, 'host', 'keys.json'), 'utf8'),
  ) as { readonly functionKeys: Values; readonly master: string };
  return {
    url,
    keys: { default: functionKeys['default'] ?? '', master },
    output: host.output,
    [Symbol.asyncDispose]: async () => {
      host.signal('SIGTERM');
      await host.ended;
      folder.remove();
    },
  };
}

/** A start that comes to nothing: how it ended, and the files that it made. */
export async function failedStart(
  values: Values,
  look: (folder: string) => readonly string[],
): Promise<Ended & { readonly files: readonly string[] }> {
  const folder = temporaryFolder();
  const ended = await run(folder.path, values).ended;
  const files = look(folder.path);
  folder.remove();
  return { ...ended, files };
}

function run(folder: string, values: Values): ReturnType<typeof startProgram> {
  const settings = join(folder, 'settings.json');
  const Values = { ...settingsOf(folder), ...values };
  writeFileSync(settings, JSON.stringify({ IsEncrypted: false, Values }));
  const data = join(folder, 'host');
  return startProgram('host', [
    ...['.', '--port', String(port), '--data', data, '--settings', settings],
  ]);
}
