import fc from 'fast-check';

import { ask } from './support/http';
import { malformedRequest } from './support/malformed-requests';
import { type RawRequest, sendRaw, statusesIn } from './support/raw-http';
import { json, SampleApp } from './support/sample-app';

let app: SampleApp;
let lenient: SampleApp;

async function startTargets(args: readonly string[] = []): Promise<SampleApp> {
  const started = await SampleApp.start('targets', args);
  const first = 'runtime/webhooks/durabletask/orchestrators/waiter/first';
  await ask(`${started.host.url}/${first}?code=${started.masterKey}`, json(null));
  return started;
}

beforeAll(async () => {
  [app, lenient] = await Promise.all([startTargets(), startTargets(['--strict', 'off'])]);
}, 30_000);

afterAll(async () => {
  await Promise.all([app.stop(), lenient.stop()]);
});

/** Documented answers; 500 is one of the Durable API and of Event Grid. */
const documented = [
  ...[100, 200, 202, 204, 400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 414, 415, 417],
  ...[431, 500, 501],
];

/** Sends a text after which the server closes the connection. */
const send = (text: string): Promise<string> =>
  sendRaw(app.host.url, { bytes: Buffer.from(text, 'latin1'), then: 'wait', silenceMs: 8_000 });

async function expectToHold(
  target: SampleApp,
  url: string,
  requests: readonly RawRequest[],
): Promise<void> {
  const before = target.complaints().length;

  const answers = await Promise.all(requests.map((request) => sendRaw(url, request)));
  const ping = await ask(`${target.host.url}/admin/host/ping`);

  expect(answers.flatMap(statusesIn).filter((each) => !documented.includes(each))).toEqual([]);
  expect(ping.status).toBe(200);
  expect(
    target
      .complaints()
      .slice(before)
      .filter((line) => line.includes('"level":"error"')),
  ).toEqual([]);
}

/** Sends many requests, some at a time, until one breaks something. */
async function tryMany(
  target: SampleApp,
  url: string,
  request: fc.Arbitrary<RawRequest>,
): Promise<void> {
  const several = fc.array(request, { minLength: 24, maxLength: 24 });
  await fc.assert(
    fc.asyncProperty(several, (requests) => expectToHold(target, url, requests)),
    { numRuns: 8, interruptAfterTimeLimit: 5_000 },
  );
}

const strictness = (strict: string): SampleApp => (strict === 'on' ? app : lenient);

describe('requests of any kind', () => {
  it.each(['on', 'off'])(
    'get documented answers, and no error of the host: strict %s',
    async (strict) => {
      const target = strictness(strict);

      await tryMany(target, target.host.url, malformedRequest(target.keys));
    },
    60_000,
  );

  it.each(['on', 'off'])(
    'get them too by the way of durable clients: strict %s',
    async (strict) => {
      const target = strictness(strict);
      const base = String((await target.call('rpc')).body);
      const path = new URL(base).pathname.replace(/\/$/, '');
      const request = malformedRequest(target.keys).map(({ bytes, then }) => {
        const text = bytes.toString('latin1').replace('/runtime/webhooks/durabletask', path);
        return { bytes: Buffer.from(text, 'latin1'), then };
      });

      await tryMany(target, base, request);
    },
    60_000,
  );
});

const post = '/runtime/webhooks/durabletask/orchestrators/waiter/smuggled';
const smuggled = (key: string): string =>
  `POST ${post} HTTP/1.1\r\nHost: x\r\nx-functions-key: ${key}\r\nContent-Length: 0\r\n\r\n`;

describe('requests behind each other', () => {
  it('are answered in their order', async () => {
    const received = await send(
      [1, 2, 3]
        .map((id) => `GET /api/echo/${id} HTTP/1.1\r\nHost: localhost\r\n`)
        .join('\r\n')
        .concat('Connection: close\r\n\r\n'),
    );

    expect(statusesIn(received)).toEqual([200, 200, 200]);
    expect([...received.matchAll(/"id":"(\d)"/g)].map(([, id]) => id)).toEqual(['1', '2', '3']);
  });

  it.each([
    ['two kinds of length', 'Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n'],
    ['two kinds of length', 'Transfer-Encoding: chunked\r\nContent-Length: 5', '0\r\n\r\n'],
    ['two lengths', 'Content-Length: 0\r\nContent-Length: 5', ''],
    ['a length with a sign', 'Content-Length: +0', ''],
    ['a coding that is not known', 'Transfer-Encoding: xchunked', '0\r\n\r\n'],
    ['a coding after the chunks', 'Transfer-Encoding: chunked, identity', '0\r\n\r\n'],
    ['a space before the colon', 'Content-Length : 0', ''],
    ['a chunk of no known size', 'Transfer-Encoding: chunked', '5 0\r\n'],
  ])('are not taken from what follows %s', async (_what, lengths, body) => {
    const hidden = smuggled(app.masterKey);

    const received = await send(
      `POST /api/echo/1 HTTP/1.1\r\nHost: localhost\r\n${lengths}\r\n\r\n${body}${hidden}`,
    );

    const instance = `${app.host.url}/runtime/webhooks/durabletask/instances/smuggled`;
    expect(statusesIn(received)).toEqual([400]);
    expect((await ask(`${instance}?code=${app.masterKey}`)).status).toBe(404);
  });

  it('leave the answer before them whole when they are not HTTP', async () => {
    const received = await send(
      'GET /api/echo/1 HTTP/1.1\r\nHost: localhost\r\n\r\nNONSENSE\r\n\r\n',
    );

    expect(statusesIn(received)).toHaveLength(1);
  });
});

describe('requests that are too large', () => {
  it.each<[string, string, number]>([
    ['a header', `GET / HTTP/1.1\r\nHost: x\r\nx-large: ${'v'.repeat(40_000)}\r\n\r\n`, 431],
    ['an address', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 414],
  ])('get the status of Kestrel: %s', async (_what, text, status) => {
    expect(statusesIn(await send(text))).toContain(status);
  });

  it('are refused for an extension of a chunk', async () => {
    const received = await send(
      `POST /admin/functions/yearly?code=${app.masterKey} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;${'e'.repeat(20_000)}\r\n`,
    );

    expect(statusesIn(received)).toEqual([400]);
  });
});

describe('a caller that goes away', () => {
  it('in the middle of a body is no error of the host', async () => {
    const before = app.complaints().length;
    const paths = ['/api/echo/1', `${post}?code=${app.masterKey}`];

    for (const path of paths) {
      const text = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\nhalf`;
      await sendRaw(app.host.url, { bytes: Buffer.from(text), then: 'break' });
      await sendRaw(app.host.url, { bytes: Buffer.from(text), then: 'wait' });
    }
    await ask(`${app.host.url}/admin/host/ping`);

    expect(app.complaints().slice(before)).toEqual([]);
  });
});

describe('the name in a request', () => {
  const linksFor = async (host: string): Promise<string> =>
    send(
      `POST /api/start HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '', '[2001:db8::1]'])(
    'does not get into links when it is not one of this host: "%s"',
    async (name) => {
      const received = await linksFor(name);

      const own = new URL(app.host.url).host;
      expect(received).toContain(`"statusQueryGetUri":"http://${own}/runtime/`);
      expect(received).not.toContain('evil');
    },
  );

  it.each(['localhost', 'localhost:8080', '127.0.0.1:9', '[::1]:7071', 'steward.localhost'])(
    'gets into links when it is one of this host: "%s"',
    async (name) => {
      expect(await linksFor(name)).toContain(`"statusQueryGetUri":"http://${name}/runtime/`);
    },
  );

  it.each(['a b', '[', 'a,b', 'x:99999', 'user@localhost', 'a/b'])(
    'is refused when no address can be made of it: "%s"',
    async (name) => {
      expect(statusesIn(await linksFor(name))).toEqual([400]);
    },
  );
});
