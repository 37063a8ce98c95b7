import { startCalledServer } from '../conformance/support/called-server';
import { type RecordedHost, startRecordedHost } from '../conformance/support/recorded-host';
import { type Answer, call, type Call } from '../conformance/support/wire';
import { buildHost } from './support/build-host';

let host: RecordedHost;
let called: Awaited<ReturnType<typeof startCalledServer>>;

beforeAll(async () => {
  const mainFile = await buildHost();
  called = await startCalledServer();
  host = await startRecordedHost(mainFile, called.origin, 'first');
}, 60_000);

// A host that is stopped lets what runs come to its end, for ten seconds at most.
afterAll(async () => {
  await host.stop();
  called.close();
}, 60_000);

const ask = (request: Call): Promise<Answer> => call(host.world.base, request);
const key = (name: string): string => host.world.keys[name] ?? '';

/** What the function saw, or the status when none was called. */
const seen = async (request: Call): Promise<unknown> => {
  const answer = await ask(request);
  return answer.status === 200 && answer.bytes.length > 0 ? answer.json() : answer.status;
};

describe('a request to a function', () => {
  it.each([
    ['/api/orders/%41%7E', 'orderPlain', { any: 'A~' }],
    ['/api/orders/%22x%20%E9', 'orderPlain', { any: '"x %E9' }],
    ['/api/orders/100%25', 'orderPlain', { any: '100%' }],
    ['/api/./x/../orders/7', 'orderById', { id: '7' }],
    ['/api/orders/a/b/', 'orderRest', { rest: 'a/b/' }],
    ['/api/dated/2031-02', 'dated', { d: '2031-02' }],
  ])('%s calls %s with %j', async (path, name, params) => {
    expect(await seen({ path })).toMatchObject({ function: name, params });
  });

  it.each([
    ['/api/orders/%41%7E', '/api/orders/A~'],
    ['/api/orders/%22x%20%E9', '/api/orders/%22x%20%E9'],
    ['/api/./x/../orders/7?a=%41', '/api/orders/7?a=%41'],
  ])('%s has the address %s', async (path, url) => {
    expect(await seen({ path })).toMatchObject({ url: `${host.world.base}${url}` });
  });

  it.each([
    ['GET', '/api//open', 404],
    ['GET', '//api/open', 404],
    ['GET', '/api/orders//7', 404],
    ['GET', '/api/optional/a//', 404],
    ['GET', '/api/tickDaily', 404],
    ['GET', '/api/hello', 404],
    ['GET', '/api/a%00b', 400],
    ['HEAD', '/', 200],
    ['POST', '/admin/host/ping/', 200],
  ])('%s %s: %i', async (method, path, status) => {
    expect((await ask({ method, path })).status).toBe(status);
  });

  it.each([
    ['/api/open?a=1&A=2', { A: ['1,2'] }],
    ['/api/open?A=1&a=2&A=3', { a: ['1,2,3'] }],
    ['/api/open?q=%E9', { q: ['%E9'] }],
    ['/api/open?=x&&y', { '': ['x'], y: [''] }],
  ])('%s has the query %j', async (path, query) => {
    expect(await seen({ path })).toMatchObject({ query });
  });

  it.each([
    [{ 'x-forwarded-proto': 'https,http' }, 'http:'],
    [{ 'x-forwarded-proto': 'HTTPS' }, 'https:'],
  ])('with %j came by %s', async (headers, protocol) => {
    const { url } = (await seen({ path: '/api/open', headers })) as { url: string };

    expect(new URL(url).protocol).toBe(protocol);
  });

  it('takes the host that a front end stands for', async () => {
    const headers = { 'disguised-host': 'public.example' };

    const call = await seen({ path: '/api/open', headers });

    expect(call).toMatchObject({
      url: 'http://public.example/api/open',
      headers: { host: 'public.example' },
    });
  });

  it.each([
    ['Ã©', 200, 'é'], // the bytes of UTF-8, one character each
    ['é', 400, undefined],
  ])('with the header bytes %s: %i', async (sent, status, value) => {
    const answer = await ask({ path: '/api/open', headers: { 'x-text': sent } });

    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.json()).toMatchObject({ headers: { 'x-text': value } });
  });
});

describe('the key of a request', () => {
  it('is found in the query in any letter case', async () => {
    const answer = await ask({ path: `/api/keyed?CODE=${key('function')}` });

    expect(answer.status).toBe(200);
  });

  it.each([
    ['a good one first', ['function', 'wrong'], 200],
    ['a wrong one first', ['wrong', 'function'], 401],
  ])('is the first of several headers: %s', async (_case, names, status) => {
    const headers = { 'x-functions-key': names.map(key) };

    expect((await ask({ path: '/api/keyed', headers })).status).toBe(status);
  });

  it('is an empty header rather than the query', async () => {
    const headers = { 'x-functions-key': '' };

    const answer = await ask({ path: `/api/keyed?code=${key('function')}`, headers });

    expect(answer.status).toBe(401);
  });
});

/** What the app has written down under a key. */
const ledger = async (name: string): Promise<unknown> =>
  (await ask({ path: `/api/ledger/seen/${name}` })).json();

describe('an event', () => {
  const deliver = (body: string, headers: Record<string, string> = {}): Promise<Answer> =>
    ask({
      method: 'POST',
      path: '/runtime/webhooks/eventgrid?FUNCTIONNAME=onEvent',
      headers: {
        'aeg-event-type': 'notification',
        'x-functions-key': key('eventgrid'),
        ...headers,
      },
      body: Buffer.from(body),
    });

  it('reaches its function beside one that is none', async () => {
    const answer = await deliver('[{"id":"beside"},"text",null]');

    expect([answer.status, answer.text()]).toEqual([500, '']);
    expect(await ledger('event-beside')).toMatchObject([{ event: { id: 'beside' } }]);
  });

  it('is read and written as .NET does it', async () => {
    const answer = await deliver("{id:'net',data:{At:'2031-02-03T04:05:06.120+02:00'},}");

    expect(answer.status).toBe(202);
    expect(await ledger('event-net')).toEqual([
      {
        event: { id: 'net', data: { At: '2031-02-03T02:05:06.12+00:00' } },
        metadata: { data: { at: '2031-02-03T02:05:06.12+00:00' } },
      },
    ]);
  });

  it.each([
    ['[{"data":{"validationCode":"A+B/<é>"}}]', 200, 'A\\u002BB/\\u003C\\u00E9\\u003E'],
    ['[{"data":{"validationCode":5}}]', 200, '5'],
    ['[{"data":{"validationCode":null}}]', 200, ''],
    ['{"data":"{\\"validationCode\\":true}"}', 200, 'True'],
    ['[{"data":"{\\"validationCode\\":\\"A\\"}"}]', 500, undefined],
    ['[{"data":{}}]', 500, undefined],
    ['{}', 500, undefined],
  ])('that asks for validation with %s: %i', async (body, ...[status, code]) => {
    const answer = await deliver(body, { 'aeg-event-type': 'SubscriptionValidation' });

    expect([answer.status, answer.text()]).toEqual([
      status,
      code === undefined ? '' : `{"validationResponse":"${code}"}`,
    ]);
  });
});

describe('a function that an administrator runs', () => {
  const run = async (name: string, body: unknown): Promise<number> => {
    const answer = await ask({
      method: 'POST',
      path: `/admin/functions/${name}`,
      headers: { 'content-type': 'text/json', 'x-functions-key': key('master') },
      body: Buffer.from(JSON.stringify(body)),
    });
    return answer.status;
  };

  it.each([
    ['onEvent', { input: 'no event' }, 202],
    ['onEvent', { input: '[]' }, 202],
    ['onEvent', {}, 202],
    ['onEvent', { input: {} }, 400],
    ['adminReport', { input: '' }, 404],
    ['open', { input: 'text' }, 202],
  ])('%s with %j: %i', async (name, body, status) => {
    expect(await run(name, body)).toBe(status);
  });

  it('is not called with a text that is no event', async () => {
    await run('onEvent', { input: '5' });
    await run('onEvent', { input: '{"id":"after"}' });

    expect(await ledger('event-after')).toHaveLength(1);
    expect(await ledger('event-no-id')).toEqual([]);
  });
});

describe('a request that is hardly one', () => {
  it.each([
    ['FOO', '/api/open', 404],
    ['OPTIONS', '*', 404],
    ['GET', `/api/open?q=${'x'.repeat(8000)}`, 200],
    ['GET', `/api/open?q=${'x'.repeat(8192)}`, 414],
    ['GET', `/api/open?q=${'x'.repeat(30_000)}`, 414],
  ])('%s %.20s: %i', async (method, path, status) => {
    expect((await ask({ method, path })).status).toBe(status);
  });

  it.each([
    [{ 'x-long': 'x'.repeat(30_000) }, 200],
    [{ 'x-long': 'x'.repeat(33_000) }, 431],
    [{ 'x-long': 'x'.repeat(200_000) }, 431],
    [Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`x-${n}`, ''])), 431],
    [{ expect: 'a wonder' }, 200],
    [{ host: 'two words' }, 400],
    [{ host: 'a/b' }, 400],
    [{ host: '[::1]:80' }, 200],
  ])('with the headers %.30j: %i', async (headers, status) => {
    expect((await ask({ path: '/api/open', headers })).status).toBe(status);
  });

  it('is answered in pieces, as nobody counts', async () => {
    const { headers } = await ask({ path: '/api/open' });

    expect([headers.get('transfer-encoding'), headers.get('content-length')]).toEqual([
      'chunked',
      undefined,
    ]);
  });
});

describe('the keys that an administrator sees', () => {
  it.each([
    ['host/functionkeys/second', 'second', 'hostFunction2'],
    ['host/keys/default', 'default', 'hostFunction'],
    ['host/systemkeys/_master', '_master', 'master'],
    ['functions/KEYED/keys/default', 'default', 'function'],
  ])('%s is %s', async (path, name, known) => {
    const headers = { 'x-functions-key': key('master') };

    const answer = await ask({ path: `/admin/${path}`, headers });

    const href = `${host.world.base}/admin/${path}`;
    expect(answer.json()).toEqual({ name, value: key(known), links: [{ rel: 'self', href }] });
  });

  it.each(['host/keys/_master', 'host/otherkeys', 'functions/keyed/keys/none'])(
    '%s is not there',
    async (path) => {
      const headers = { 'x-functions-key': key('master') };

      expect((await ask({ path: `/admin/${path}`, headers })).status).toBe(404);
    },
  );
});
