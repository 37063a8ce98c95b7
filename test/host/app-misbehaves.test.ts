import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildHost, root } from './support/build-host';
import { type HostProcess, startHostProcess } from './support/host-process';
import { ask } from './support/http';

const code = `
const { app } = require('@azure/functions');
const df = require('durable-functions');
setImmediate(() => { throw new Error('left behind while loading'); });
app.http('ok', { authLevel: 'anonymous', handler: () => ({ body: 'served' }) });
app.http('endless', {
  authLevel: 'anonymous',
  handler: (request, context) => { context.log('begun'); return new Promise(() => {}); },
});
df.app.activity('breaks', { handler: () => { throw new Error('no luck\\nat all'); } });
df.app.orchestration('relies', function* (context) { yield context.df.callActivity('breaks'); });`;

let folder: string;
let host: HostProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-misbehaves-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"main":"index.js"}');
  writeFileSync(join(folder, 'index.js'), code);
  const options = ['--data', join(folder, 'data'), '--drain', '0.1s'];
  host = await startHostProcess(await buildHost(), [folder, ...options]);
}, 60_000);

afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits for a line of the log. */
async function said(text: string): Promise<string> {
  for (;;) {
    const line = host.lines.find((each) => each.includes(text));
    if (line !== undefined) return line;
    await once(host.process.stdout ?? host.process, 'data');
  }
}

async function start(name: string): Promise<void> {
  const keys = JSON.parse(readFileSync(join(folder, 'data', 'keys.json'), 'utf8')) as {
    systemKeys: Record<string, string>;
  };
  const code = keys.systemKeys['durabletask_extension'] ?? '';
  const path = `runtime/webhooks/durabletask/orchestrators/${name}/${name}-1?code=${code}`;
  await ask(`${host.url}/${path}`, { method: 'POST' });
}

describe('an app that misbehaves', () => {
  it('has its failures logged with the function and the instance they belong to', async () => {
    await start('relies');

    expect(JSON.parse(await said(`"Activity function 'breaks' failed`))).toMatchObject({
      level: 'error',
      message: "Activity function 'breaks' failed: no luck",
      function: 'breaks',
      instance: 'relies-1',
    });
    expect(JSON.parse(await said(`"Orchestrator function 'relies' failed`))).toMatchObject({
      level: 'error',
      message: "Orchestrator function 'relies' failed: Activity function 'breaks' failed: no luck",
      function: 'relies',
      instance: 'relies-1',
    });
  });

  it('does not end the host by an error of the code that loads it', async () => {
    await said('left behind while loading');

    const answer = await ask(`${host.url}/api/ok`);

    expect(answer.body).toBe('served');
  });

  it('has what it keeps shown to its owner alone', () => {
    const modes = ['durable.db', 'durable.db-wal'].map(
      (file) => statSync(join(folder, 'data', file)).mode & 0o777,
    );

    expect(modes).toEqual([0o600, 0o600]);
  });

  it('is given the drain time to end, and named if it does not', async () => {
    const call = ask(`${host.url}/api/endless`).catch(() => 'cut off');
    await said('begun');

    const exitCode = await host.stop();

    expect(await call).toBe('cut off');
    expect(exitCode).toBe(0);
    expect(await said('given up')).toContain(
      '"level":"warning","message":"Still running after the drain time, and given up: endless."',
    );
  });
});
