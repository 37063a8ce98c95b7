import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { bundle, root } from './support/build-host';

/** Starts and closes a host in its own process, and prints what is different afterwards. */
const script = `
import Module from 'node:module';
const [, indexFile, app, data] = process.argv;
const { startHost } = await import(indexFile);
const look = () => JSON.stringify([
  { ...process.env },
  process.listenerCount('unhandledRejection'),
  process.listenerCount('uncaughtException'),
  process.listenerCount('SIGTERM'),
]);
const before = look();
const original = Module.prototype.require;
const host = await startHost({ appDirectory: app, dataDirectory: data, port: 0 });
const answer = await (await fetch(host.url + '/api/hello/embedded')).json();
await Promise.all([host.close(), host.close()]);
const second = await startHost({ appDirectory: app, dataDirectory: data, port: 0 }).catch((e) => e.message);
const missing = await startHost({ appDirectory: data + '/none', dataDirectory: data, port: 0 }).catch((e) => e.message);
console.log(JSON.stringify({
  greeting: answer.greeting,
  masterKey: host.keys.master.length,
  clean: look() === before && Module.prototype.require === original,
  second,
  missing,
}));
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-embedded-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a host inside another program', () => {
  it('leaves nothing behind, lets the program end, and loads an app once', async () => {
    const indexFile = await bundle(join(root, 'host/index.ts'), join(folder, 'bundle'));
    const app = join(root, 'test/data/host-app');
    const data = join(folder, 'data');

    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', script, indexFile, app, data],
      { timeout: 15_000, env: { ...process.env, NODE_OPTIONS: '' } },
    );

    expect(JSON.parse(stdout)).toEqual({
      greeting: 'Hello embedded',
      masterKey: 43,
      clean: true,
      second: expect.stringContaining('a process loads an app once') as string,
      missing: `${data}/none is not a folder. Give the folder of a Functions app.`,
    });
  }, 30_000);
});
