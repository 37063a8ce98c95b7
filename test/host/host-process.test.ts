import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildHost, bundle, root } from './support/build-host';
import { type HostProcess, startHostProcess } from './support/host-process';
import { ask, askUntil } from './support/http';

const app = join(root, 'test/data/host-app');
let folder: string;
let mainFile: string;
let host: HostProcess;
let keys: {
  master: string;
  systemKeys: Record<string, string>;
  functionKeys: Record<string, string>;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-host-'));
  mainFile = await buildHost();
  const settings = join(folder, 'settings.json');
  writeFileSync(settings, '{"Values":{"FROM_OPTIONS":"options"}}');
  host = await startHostProcess(
    mainFile,
    [app, '--data', join(folder, 'data'), '--settings', settings],
    {
      FROM_ENVIRONMENT: 'environment',
      HTTP_PROXY: 'http://127.0.0.1:9',
      SEEN: join(folder, 'seen'),
    },
  );
  keys = JSON.parse(readFileSync(join(folder, 'data/keys.json'), 'utf8')) as typeof keys;
}, 60_000);

afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});

const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});

const durable = (path: string): string => `${host.url}/runtime/webhooks/durabletask/${path}`;

const durableKey = (): Record<string, string> => ({
  'x-functions-key': keys.systemKeys['durabletask_extension'] ?? '',
});

/** Sends bytes that need not be HTTP, and waits for the connection to end. */
function sendRaw(text: string): Promise<string> {
  const { hostname, port } = new URL(host.url);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(300, () => socket.destroy());
    socket.on('data', (part) => (received += part.toString()));
    socket.on('close', () => {
      resolve(received);
    });
    socket.on('error', reject);
  });
}

describe('a host in a process of its own', () => {
  it('calls a function with route values and body', async () => {
    const answer = await ask(`${host.url}/api/hello/you`, { method: 'POST', body: 'text' });

    expect(answer.body).toEqual({ greeting: 'Hello you', body: 'text' });
  });

  it('gives the app its settings: options before environment before file', async () => {
    const answer = await ask(`${host.url}/api/settings`);

    expect(answer.body).toMatchObject({
      FROM_FILE: 'file',
      FROM_ENVIRONMENT: 'environment',
      FROM_OPTIONS: 'options',
      WEBSITE_HOSTNAME: new URL(host.url).host,
    });
  });

  it('runs hooks around a function', async () => {
    const answer = await ask(`${host.url}/api/hooked`);

    const logged = host.lines.find((line) => line.includes('the ***'));
    expect(answer.body).toEqual({ seen: ['app start', 'before'], result: { replaced: true } });
    expect(logged).toContain('"level":"warning"');
  });

  it('opens a function for its level of key only', async () => {
    const { functionKeys, systemKeys, master } = keys;
    const withKey = (key = ''): Promise<{ status: number }> =>
      ask(`${host.url}/api/secret`, { headers: { 'x-functions-key': key } });

    const statuses = await Promise.all(
      [
        undefined,
        'wrong',
        systemKeys['durabletask_extension'],
        functionKeys['default'],
        master,
      ].map(withKey),
    );

    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 200, 200]);
  });

  it('answers 404 for a disabled function', async () => {
    const answer = await ask(`${host.url}/api/switchedOff`);

    expect(answer.status).toBe(404);
  });

  it('gives up a function that runs longer than functionTimeout', async () => {
    const answer = await ask(`${host.url}/api/slow`);

    expect(answer.status).toBe(500);
  });

  it('keeps its keys in a file for its owner alone', () => {
    const { mode } = statSync(join(folder, 'data/keys.json'));

    expect(mode & 0o777).toBe(0o600);
  });

  it('runs an orchestration that a function started, with a proxy in the environment', async () => {
    const started = await ask(`${host.url}/api/start/greetAll/first`, post(['Ann', 'Ben']));
    const links = started.body as { statusQueryGetUri: string };

    const ended = await askUntil(
      links.statusQueryGetUri,
      (body) => (body as { runtimeStatus?: string }).runtimeStatus === 'Completed',
    );

    expect(started.status).toBe(202);
    expect(ended.body).toMatchObject({
      name: 'greetAll',
      instanceId: 'first',
      input: ['Ann', 'Ben'],
      output: ['Hello Ann', 'Hello Ben'],
    });
  });

  it('raises an event to an instance', async () => {
    await ask(durable('orchestrators/waitForGo/waiting'), post(null, durableKey()));
    await ask(durable('instances/waiting/raiseEvent/go'), post({ at: 1 }, durableKey()));

    const ended = await askUntil(
      `${durable('instances/waiting')}?code=${durableKey()['x-functions-key'] ?? ''}`,
      (body) => (body as { runtimeStatus?: string }).runtimeStatus === 'Completed',
    );

    expect(ended.body).toMatchObject({ output: { at: 1 } });
  });

  it('refuses an instance id that makes trouble on Azure', async () => {
    const answer = await ask(
      durable('orchestrators/waitForGo/%40entity'),
      post(null, durableKey()),
    );

    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      Message:
        'OddInstanceId: The instance id "@entity" looks like an entity\'s. Start it with another character than "@".',
    });
  });

  it('needs the key for the Durable HTTP API, and knows no other way in', async () => {
    const statuses = await Promise.all(
      [
        durable('instances'),
        `${host.url}/durabletask/instances`,
        `${host.url}/rpc/x/durabletask/instances`,
      ].map(async (url) => (await ask(url)).status),
    );

    expect(statuses).toEqual([401, 404, 404]);
  });

  it('delivers events and asks for all of them again when one fails', async () => {
    const url = `${host.url}/runtime/webhooks/eventgrid?functionName=onEvent`;
    const headers = {
      'aeg-event-type': 'Notification',
      'x-functions-key': keys.systemKeys['eventgrid_extension'] ?? '',
    };

    const taken = await ask(url, post([{ id: '1', data: { Some: 1 } }], headers));
    const failed = await ask(url, post([{ id: '2' }, { id: '3', data: { fail: true } }], headers));

    const seen = readFileSync(join(folder, 'seen'), 'utf8');
    expect([taken.status, failed.status]).toEqual([202, 500]);
    expect(seen).toContain('{"event":{"id":"1","data":{"Some":1}},"metadata":{"data":{"some":1}}}');
    expect(seen).toContain('"id":"2"');
  });

  it('reports errors that nobody waits for by the name of their function, and goes on', async () => {
    await ask(`${host.url}/api/stray`);

    const answer = await askUntil(`${host.url}/api/hello/again`, () =>
      host.lines.some((line) => line.includes('thrown by a timer')),
    );

    const stray = host.lines.filter((line) => line.includes('"function":"stray"'));
    expect(answer.status).toBe(200);
    expect(stray.join()).toContain('nobody waits for this');
    expect(stray.join()).toContain('thrown by a timer');
  });

  it('writes what a function logs with its name and invocation', async () => {
    await ask(`${host.url}/api/hello/logged`);

    const line = host.lines.find((each) => each.includes('"greeting"')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      level: 'information',
      message: 'greeting',
      source: 'app',
      function: 'hello',
      invocation: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  it.each([
    'NONSENSE\r\n\r\n',
    'GET api/hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'GET /%E0%A4%A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'GET /api/hello/%ZZ?%=%&&=%E0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'GET http://other/api/hello/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    'POST /api/hello/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nab',
    'POST /runtime/webhooks/eventgrid HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    'GET /admin/functions/%2e%2e HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n',
  ])('is still there after the request %j', async (text) => {
    await sendRaw(text);

    const answer = await ask(`${host.url}/api/hello/you`);

    expect(answer.status).toBe(200);
  });

  it('shows no key in its log', () => {
    const log = host.lines.join('\n');

    for (const key of [keys.master, ...Object.values(keys.systemKeys)]) {
      expect(log).not.toContain(key);
    }
  });

  it('refuses a second host on the same data folder', async () => {
    const second = startHostProcess(mainFile, [app, '--data', join(folder, 'data')]);

    await expect(second).rejects.toThrow(
      /^Another host uses the data folder .*data\. Stop it, or start this one with a folder of its own\.\n$/,
    );
  });

  it('says what it does not understand in its command line', async () => {
    const wrong = startHostProcess(mainFile, [app, '--data', folder, '--colour', 'red']);

    await expect(wrong).rejects.toThrow(/^Unknown option '--colour'/);
  });

  it('goes on with its orchestrations after it was killed', async () => {
    const data = join(folder, 'killed');
    const first = await startHostProcess(mainFile, [app, '--data', data]);
    await ask(`${first.url}/api/start/waitForGo/survivor`, post({}));
    first.process.kill('SIGKILL');
    await first.stop();
    const second = await startHostProcess(mainFile, [app, '--data', data]);

    const { systemKeys } = JSON.parse(readFileSync(join(data, 'keys.json'), 'utf8')) as typeof keys;
    const code = systemKeys['durabletask_extension'] ?? '';
    const instance = `${second.url}/runtime/webhooks/durabletask/instances/survivor`;
    await ask(`${instance}/raiseEvent/go?code=${code}`, post('now'));
    const ended = await askUntil(
      `${instance}?code=${code}`,
      (body) => (body as { runtimeStatus?: string }).runtimeStatus === 'Completed',
    );
    await second.stop();

    expect(ended.body).toMatchObject({ output: 'now' });
  }, 30_000);

  it('runs an app that is one ES-module bundle, and ends with 0 when it is asked to', async () => {
    const bundled = join(folder, 'bundled');
    await bundle(join(app, 'src/http.js'), bundled);
    writeFileSync(join(bundled, 'package.json'), '{"main":"main.mjs"}');
    const other = await startHostProcess(mainFile, [bundled, '--data', join(folder, 'other')]);

    const answer = await ask(`${other.url}/api/hello/bundle`);
    const exitCode = await other.stop();

    expect(answer.body).toEqual({ greeting: 'Hello bundle', body: '' });
    expect(exitCode).toBe(0);
  }, 30_000);
});
