import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../../host/support/build-host';
import { startHostProcess } from '../../host/support/host-process';
import type { World } from './template';
import { call } from './wire';

const data = join(root, 'test/data/functions-host');

export interface RecordedHost {
  readonly world: World;
  stop(): Promise<void>;
}

interface KeysFile {
  readonly master: string;
  readonly functionKeys: Readonly<Record<string, string>>;
  readonly systemKeys: Readonly<Record<string, string>>;
  readonly functions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Starts a host with an empty store on the app with which the recordings were made. */
export async function startRecordedHost(
  mainFile: string,
  target: string,
  configuration: 'first' | 'second',
): Promise<RecordedHost> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-recorded-'));
  const app = join(folder, 'app');
  cpSync(join(data, 'app'), app, { recursive: true });
  if (configuration === 'second') cpSync(join(app, 'host.second.json'), join(app, 'host.json'));
  symlinkSync(join(root, 'node_modules'), join(app, 'node_modules'));
  const keysFile = join(data, 'keys.json');
  const host = await startHostProcess(mainFile, [
    ...[app, '--data', join(folder, 'data'), '--strict', 'off'],
    ...['--keys', keysFile, '--settings', join(data, 'settings.json')],
  ]);
  const routePrefix = configuration === 'second' ? '' : '/api';
  const world = {
    base: host.url,
    rpc: await findRpc(host.url, routePrefix),
    target,
    routePrefix,
    keys: toKeys(JSON.parse(readFileSync(keysFile, 'utf8')) as KeysFile),
  };
  return {
    world,
    async stop() {
      await host.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** By the names that the recordings use. */
function toKeys({ master, functionKeys, systemKeys, functions }: KeysFile): Record<string, string> {
  return {
    master,
    hostFunction: functionKeys['default'] ?? '',
    hostFunction2: functionKeys['second'] ?? '',
    durable: systemKeys['durabletask_extension'] ?? '',
    eventgrid: systemKeys['eventgrid_extension'] ?? '',
    function: functions['keyed']?.['default'] ?? '',
    wrong: 'not-a-key',
  };
}

/** The recorded app shows what its durable client was given. */
async function findRpc(base: string, routePrefix: string): Promise<string> {
  const dump = (await call(base, { path: `${routePrefix}/binding-dump` })).json();
  return new URL((dump as { rpcBaseUrl: string }).rpcBaseUrl).origin;
}
