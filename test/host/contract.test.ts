import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildHost, root } from './support/build-host';
import { type HostProcess, startHostProcess } from './support/host-process';
import { ask, askUntil } from './support/http';

const app = join(root, 'test/data/contract-app');
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

let folder: string;
let mainFile: string;
let data = 0;
const running: HostProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-contract-'));
  mainFile = await buildHost();
}, 60_000);

afterEach(async () => {
  for (const host of running.splice(0)) await host.stop();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function start(
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<HostProcess & { readonly data: string }> {
  data += 1;
  const directory = join(folder, String(data));
  const host = await startHostProcess(mainFile, [app, '--data', directory, ...args], environment);
  running.push(host);
  return { ...host, data: directory };
}

const keysOf = (directory: string) =>
  JSON.parse(readFileSync(join(directory, 'keys.json'), 'utf8')) as {
    master: string;
    systemKeys: Record<string, string>;
  };

const orchestrate = (url: string, id: string) =>
  ask(`${url}/api/start/straying/${id}`, { method: 'POST', body: '"hello"' });

describe('the programming model', () => {
  it('runs files, hooks and handler in their order, each waited for', async () => {
    const seen = join(folder, 'seen');
    const host = await start([], { SEEN: seen });

    const fine = await ask(`${host.url}/api/observed`);
    const failed = await ask(`${host.url}/api/observed?fail`);
    const exitCode = await host.stop();

    const once = ['before 1 kept', 'before 2 1 1', 'handler'];
    const begun = ['first file', 'app start 1', 'app start 2 once', ...once, 'after 1 202'];
    expect(fine.body).toEqual(begun);
    expect(failed.body).toEqual([...begun, ...once, 'after 1 failed']);
    expect(readFileSync(seen, 'utf8').split('\n').slice(-3)).toEqual([
      'after 1 failed',
      'app terminate once',
      '',
    ]);
    expect(exitCode).toBe(0);
  });

  it('takes nothing any more once the app has started', async () => {
    const host = await start();

    const { body } = await ask(`${host.url}/api/late`);

    const refused = expect.objectContaining({ message: expect.any(String) as string }) as object;
    expect(body).toEqual({
      register: refused,
      setup: refused,
      hook: { message: 'Unrecognized hook "beforeAll"', system: true, range: true },
      versions: ['string', 'string'],
      model: '@azure/functions',
    });
  });

  it('does not start with a file that cannot be loaded', async () => {
    const failing = start([], { FAIL_TO_LOAD: '1' });

    await expect(failing).rejects.toThrow(
      /c-timers\.js cannot be loaded: this file does not load\. Correct this and start again\./,
    );
  });
});

describe('a timer whose schedule is wrong', () => {
  it('keeps the host from starting, by name', async () => {
    const failing = start([], { WITH_BAD_TIMER: '1' });

    await expect(failing).rejects.toThrow(
      "Timer function badTimer cannot run: '%NOWHERE%' does not resolve to a value. Correct its schedule.",
    );
  });

  it('is out by itself where Azure is imitated', async () => {
    const host = await start(['--strict', 'off'], { WITH_BAD_TIMER: '1' });
    const status = `${host.url}/admin/functions/badTimer/status`;

    const other = await ask(`${host.url}/api/readyOnly`);
    const { body } = await ask(status, {
      headers: { 'x-functions-key': keysOf(host.data).master },
    });

    expect(other.body).toBe('ready');
    expect(body).toEqual({
      errors: [expect.stringContaining("'%NOWHERE%' does not resolve to a value.")],
    });
  });
});

describe('the surroundings of an app', () => {
  it.each([
    ['a host name and proxies of its own', { WEBSITE_HOSTNAME: 'my-app.example:8080' }],
    ['a host name that stands for all addresses', { WEBSITE_HOSTNAME: '0.0.0.0:1' }],
  ])('may have %s: durable clients reach the host', async (_kind, environment) => {
    const proxies = { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' };
    const host = await start([], { ...environment, ...proxies, NO_PROXY: 'example.org' });

    const { body } = await orchestrate(host.url, 'one');

    const kept = environment.WEBSITE_HOSTNAME.startsWith('my-app');
    expect(body).toEqual({
      hostname: kept ? environment.WEBSITE_HOSTNAME : new URL(host.url).host,
      output: 'hello',
    });
  });

  it('may be IPv6 alone', async () => {
    const starting = start(['--hostname', '::1']);

    const result = await starting.then(
      async ({ url }) => [url.replace(/\d+$/, ''), (await orchestrate(url, 'one')).body],
      (error: unknown) => String(error),
    );

    const served = ['http://[::1]:', { hostname: expect.any(String) as string, output: 'hello' }];
    const refused = expect.stringContaining('on ::1 cannot be used') as string;
    expect(result).toEqual(hasIpv6 ? served : refused);
  });
});

describe('errors that an activity leaves behind', () => {
  it('are reported by its name, and stop nothing', async () => {
    const host = await start();

    const first = await orchestrate(host.url, 'one');
    await askUntil(`${host.url}/api/readyOnly`, () =>
      host.lines.some((line) => line.includes('thrown by a timer of the activity')),
    );
    const second = await orchestrate(host.url, 'two');

    const reported = host.lines.filter((line) => line.includes('"function":"stray"')).join('\n');
    expect([first.body, second.body]).toMatchObject([{ output: 'hello' }, { output: 'hello' }]);
    expect(reported).toContain('nobody waits for this');
    expect(reported).toContain('thrown by a timer of the activity');
  });
});

describe('the end of a host', () => {
  it('waits for the request that it is answering, and takes no other', async () => {
    const host = await start();
    const answering = ask(`${host.url}/api/takesLong`);
    await askUntil(`${host.url}/api/readyOnly`, () =>
      host.lines.some((line) => line.includes('has begun')),
    );

    const stopping = host.stop();
    const { status, body } = await answering;
    const exitCode = await stopping;

    expect([status, body, exitCode]).toEqual([200, 'done all the same', 0]);
    await expect(ask(`${host.url}/api/readyOnly`)).rejects.toThrow('fetch failed');
  });
});

describe('the webhooks of extensions', () => {
  it('open for their own key and the master key only', async () => {
    const host = await start();
    const { master, systemKeys } = keysOf(host.data);
    const url = `${host.url}/runtime/webhooks/eventgrid?functionName=nobody`;
    const keys = [
      undefined,
      'wrong',
      systemKeys['durabletask_extension'],
      systemKeys['eventgrid_extension'],
      master,
    ];

    const answers = await Promise.all(
      keys.map((key) => ask(key === undefined ? url : `${url}&code=${key}`, { method: 'OPTIONS' })),
    );

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 403, 404, 404]);
    expect(answers[0]?.headers.get('www-authenticate')).toBe('Bearer');
  });
});
