import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ask } from './support/http';
import { SampleApp } from './support/sample-app';

/** Loaded into the host's process before anything else: says on which ports it listens. */
const tellPorts = `data:text/javascript,${encodeURIComponent(`
  import { Server } from 'node:net';
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    this.once('listening', () => console.log(JSON.stringify({ listening: this.address() })));
    return listen.apply(this, args);
  };
`)}`;

let app: SampleApp | undefined;

async function start(args: readonly string[] = []): Promise<SampleApp> {
  app = await SampleApp.start('targets', args, { NODE_OPTIONS: `--import=${tellPorts}` });
  return app;
}

afterEach(async () => {
  await app?.stop();
  app = undefined;
});

const listening = ({ host }: SampleApp): unknown[] =>
  host.lines.flatMap((line) => {
    const text = /^\{"listening":(.*)\}$/.exec(line)?.[1];
    return text === undefined ? [] : [JSON.parse(text) as unknown];
  });

describe('the port of a host', () => {
  it.each(['on', 'warn'])('is its only one, on loopback: strict %s', async (strict) => {
    const started = await start(['--strict', strict]);
    await ask(`${started.host.url}/api/start`, { method: 'POST' });

    const port = Number(new URL(started.host.url).port);
    expect(listening(started)).toEqual([{ address: '127.0.0.1', family: 'IPv4', port }]);
    expect(started.complaints().filter((line) => !line.startsWith('{"listening"'))).toEqual([]);
  });

  it('is joined by an open one for durable clients when Azure is imitated', async () => {
    const started = await start(['--strict', 'off']);

    expect(listening(started)).toHaveLength(2);
    for (const each of listening(started)) expect(each).toMatchObject({ address: '127.0.0.1' });
  });

  it('serves other machines if it is told to, and warns of it', async () => {
    const started = await start(['--hostname', '0.0.0.0']);

    const answer = await ask(`${started.host.url}/api/start`, { method: 'POST' });

    expect(new URL(started.host.url).hostname).toBe('127.0.0.1');
    expect(listening(started)).toMatchObject([{ address: '0.0.0.0' }]);
    expect(answer.body).toMatchObject({
      statusQueryGetUri: expect.stringContaining(`${started.host.url}/runtime/`) as string,
    });
    expect(started.complaints().join()).toContain(
      'Other machines reach this host at 0.0.0.0, without TLS; anonymous functions answer anyone. Leave out --hostname to serve this machine alone.',
    );
  });

  it('can be one of IPv6', async () => {
    const started = await start(['--hostname', '::1']);

    const answer = await ask(`${started.host.url}/api/start`, { method: 'POST' });

    expect(started.host.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(answer.body).toMatchObject({
      statusQueryGetUri: expect.stringContaining(`${started.host.url}/runtime/`) as string,
    });
  });
});

describe('the keys of a host', () => {
  it('are for their owner alone again after the file was open to others', async () => {
    const started = await start();
    const file = join(started.folder, 'data/keys.json');
    await started.host.stop();
    chmodSync(file, 0o644);
    writeFileSync(`${file}.next`, 'left over', { mode: 0o644 });

    const again = await started.restart();

    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(again.lines.join()).toContain(
      `Other users could read the keys in ${file}; from now on they cannot. Delete the file to get new keys.`,
    );
    expect((await ask(`${again.url}/admin/host/status?code=${started.masterKey}`)).status).toBe(
      200,
    );
  });
});
