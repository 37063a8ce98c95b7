// Serves a Functions app like the host command does, with the real Durable extension in place of the
// host's own engine: same loading, same invocations, same routes, and the same first line of output.
import { parseArgs } from 'node:util';

import { readKeysFile } from '../../../../host/http/keys';
import { jsonLines } from '../../../../host/log';
import { readSettingsFile } from '../../../../host/app-settings';
import { serveApp } from './serve-app';

const text = { type: 'string' } as const;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    port: text,
    data: text,
    keys: text,
    settings: text,
    engine: text,
    hub: text,
    'engine-log': text,
  },
});

/** Options come from the harness alone. */
function need(name: 'data' | 'engine' | 'hub'): string {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is missing.`);
  return value;
}

async function main(): Promise<void> {
  const served = await serveApp({
    appDirectory: positionals[0] ?? '.',
    port: Number(values.port ?? '0'),
    dataDirectory: need('data'),
    keys: values.keys === undefined ? {} : readKeysFile(values.keys),
    settings: values.settings === undefined ? {} : (readSettingsFile(values.settings) ?? {}),
    engineDll: need('engine'),
    engineLogLevel: values['engine-log'] ?? 'Critical',
    hubName: need('hub'),
    storage: process.env['DURABLE_STORAGE'] ?? '',
    log: jsonLines((line) => process.stdout.write(line)),
  });
  process.stdout.write(`${JSON.stringify({ engine: served.enginePid })}\n`);
  process.stdout.write(`${JSON.stringify({ ready: served.url })}\n`);
  process.once('SIGTERM', () => {
    void served.close().then(() => process.exit(0));
  });
  await served.engineEnded;
  process.exit(1); // unasked for: without its engine the app is not served
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  process.exit(1);
});
