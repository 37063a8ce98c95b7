// Gives recorded calls to the functions of an app once more, without any engine. The app records them anew.
import { readFileSync } from 'node:fs';

import { applySettings } from '../../../../host/app-settings';
import { createInvoke } from '../../../../host/invocation/invoke';
import { loadApp } from '../../../../host/loading/load-app';
import { createLog } from '../../../../host/log';

const [directory = '.', file = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const log = createLog(() => undefined, { host: 'error', app: 'error' });
  const settings = applySettings(directory, {}, process.env);
  const app = await loadApp({ directory, settings, log });
  const invoke = createInvoke(app, log, Infinity);
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const call = JSON.parse(line) as { readonly function: string; readonly input: unknown };
    const target = app.functions.find(({ name }) => name === call.function);
    if (!target) throw new Error(`The app has no function ${call.function}.`);
    await invoke({ function: target, trigger: call.input }).catch(() => undefined);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
