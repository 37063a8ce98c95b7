import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ask, askUntil } from '../support/http';
import { json, SampleApp } from '../support/sample-app';

let app: SampleApp;

beforeAll(async () => {
  app = await SampleApp.start('mixed');
}, 30_000);

afterAll(async () => {
  await app.stop();
});

const call = (path: string, init: RequestInit = {}): ReturnType<typeof ask> =>
  ask(`${app.host.url}/${path}`, init);

const journal = (): string[] =>
  readFileSync(join(app.folder, 'journal'), 'utf8').trim().split('\n');

async function journalHas(line: string): Promise<void> {
  await askUntil(`${app.host.url}/admin/host/ping`, () => journal().includes(line));
  expect(journal()).toContain(line);
}

describe('an app with a bit of everything', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'gets a %s request as it was sent',
    async (method) => {
      const body = method === 'GET' ? undefined : '{"a":"ä"}';
      const init = { method, ...(body === undefined ? {} : { body }) };

      const answer = await call('echo/a%20b/c?x=1&y=%26', init);

      expect(answer.body).toEqual({
        method,
        query: { x: '1', y: '&' },
        params: { rest: 'a b/c' },
        type: body === undefined ? null : 'text/plain;charset=UTF-8',
        body: body ?? '',
      });
    },
  );

  it('keeps the state of a module between calls', async () => {
    const first = await call('echo/1');
    const second = await call('echo/2');

    const counts = [first, second].map(({ headers }) => Number(headers.get('x-calls')));
    expect(counts[1]).toBe((counts[0] ?? 0) + 1);
  });

  it('reads a form with a file', async () => {
    const form = new FormData();
    form.set('name', 'Ann');
    form.append('tag', 'a');
    form.append('tag', 'b');
    form.set('file', new Blob(['content']), 'a.txt');
    const encoded = new Response(form);
    const body = Buffer.from(await encoded.arrayBuffer());
    const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };

    const answer = await call('form', { method: 'POST', body, headers });

    expect(answer.body).toEqual({
      name: 'Ann',
      tags: ['a', 'b'],
      file: { name: 'a.txt', text: 'content' },
    });
  });

  it('reads a form without a file', async () => {
    const body = new URLSearchParams({ name: 'Ben', tag: 'ü' });

    const answer = await call('form', { method: 'POST', body });

    expect(answer.body).toEqual({ name: 'Ben', tags: ['ü'], file: null });
  });

  it('sets cookies, and gets them', async () => {
    const answer = await call('cookies', { headers: { cookie: 'a=1; b=2' } });

    expect(answer.body).toBe('a=1; b=2');
    expect(answer.headers.getSetCookie()).toEqual([
      'session=a%20b; max-age=60; path=/; samesite=strict; httponly',
      'theme=dark; domain=example.org; path=/; secure',
    ]);
  });

  it.each(['response', 'response?clone'])('answers with an HttpResponse: %s', async (path) => {
    const answer = await call(path);

    expect(answer.status).toBe(201);
    expect(answer.body).toBe('made');
    expect(answer.headers.get('content-type')).toBe('text/x-made');
    expect(answer.headers.get('x-one')).toBe('1');
    expect(answer.headers.get('x-two')).toBe('a, b');
  });

  it('takes and gives bytes', async () => {
    const response = await fetch(`${app.host.url}/bytes`, {
      method: 'POST',
      body: Buffer.from([0, 255, 10]),
    });

    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([10, 255, 0]);
  });

  it('sends what a body yields', async () => {
    const answer = await call('stream');

    expect(answer.body).toBe('one two three');
  });

  it('imports a module when it needs it', async () => {
    const answer = await call('lazy');

    expect(answer.body).toBe('lazily from local.settings.json');
  });

  it('reads a file of its folder', async () => {
    const answer = await call('relative');

    expect(answer.body).toBe('from a file');
  });

  it('runs its hooks', async () => {
    const hooked = await call('hooked');
    const rescued = await call('rescued');

    expect(hooked.body).toBe('hooked');
    expect(rescued).toMatchObject({ status: 418, body: 'rescued' });
    expect(journal()).toEqual(
      expect.arrayContaining(['before hooked', 'after hooked', 'rescued from trouble']),
    );
    expect(app.host.lines.join()).toContain('the secret-*** is out');
    expect(app.host.lines.join()).not.toContain('secret-token');
  });

  it('starts its timer with the host, and runs it by hand', async () => {
    const nightly = 'nightly false nightly';
    await journalHas(nightly);
    const before = journal().filter((line) => line === nightly).length;

    const answer = await ask(
      `${app.host.url}/admin/functions/nightly?code=${app.masterKey}`,
      json({ input: '' }),
    );
    await askUntil(
      `${app.host.url}/admin/host/ping`,
      () => journal().filter((line) => line === nightly).length > before,
    );

    expect(answer.status).toBe(202);
    expect(journal().filter((line) => line === nightly)).toHaveLength(before + 1);
  });

  it('gets events', async () => {
    const events = [1, 2].map((n) => ({ id: String(n), subject: 'cluster', data: { n } }));

    const answer = await ask(
      `${app.host.url}/runtime/webhooks/eventgrid?functionName=onCluster&code=${app.masterKey}`,
      {
        ...json(events),
        headers: { 'aeg-event-type': 'Notification', 'content-type': 'application/json' },
      },
    );

    expect(answer.status).toBe(202);
    expect(journal()).toEqual(
      expect.arrayContaining(['onCluster cluster 1', 'onCluster cluster 2']),
    );
  });

  it('registers a function with bindings of its own making', async () => {
    const answer = await call('byHand');

    expect(answer.body).toBe('generic');
  });

  it('matches routes with constraints, and leaves out what is disabled', async () => {
    const known = await call('items/Shoes/7');
    const short = await call('items/shoes');
    const statuses = await Promise.all(
      ['items/7', 'items/shoes/x', 'sleeping', 'api/lazy'].map(
        async (path) => (await call(path)).status,
      ),
    );

    expect(known.body).toEqual({ category: 'Shoes', id: '7' });
    expect(short.body).toEqual({ category: 'shoes' });
    expect(statuses).toEqual([404, 404, 404, 404]);
  });

  it('ends with its hook', async () => {
    await app.host.stop();

    expect(journal().at(-1)).toBe('appTerminate start');
    expect(journal()[0]).toBe('appStart');
  });
});
