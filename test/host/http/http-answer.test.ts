import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { sendEmpty, toExchange } from '../../../host/http/exchange';
import { sendHttpAnswer } from '../../../host/http/http-answer';
import { type Answer, call } from '../../conformance/support/wire';

let server: Server;
let http: Record<string, unknown>;

beforeAll(async () => {
  server = createServer((request, response) => {
    const exchange = toExchange(request, response);
    if (!exchange) throw new Error('The request is wrong.');
    try {
      sendHttpAnswer(exchange, { http });
    } catch {
      sendEmpty(exchange, 500);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterAll(() => {
  server.close();
});

const bytes = (text: string): { bytes: Buffer } => ({ bytes: Buffer.from(text) });

/** The answer to a request when the function gave this one. */
function answer(given: Record<string, unknown>): Promise<Answer> {
  http = { statusCode: '200', headers: {}, cookies: [], body: bytes(''), ...given };
  return call(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { path: '/' });
}

describe('what a function answered', () => {
  it.each([
    [{ name: 'a', value: "it's (1)!*" }, 'a=it%27s%20%281%29%21%2A; path=/'],
    [{ name: 'a', value: '1', maxAge: { value: 90.9 } }, 'a=1; max-age=90; path=/'],
    [{ name: 'a', value: '1', maxAge: { value: 0 } }, 'a=1; max-age=0; path=/'],
    [{ name: 'a', value: '', path: { value: '/x' } }, 'a=; path=/x'],
    [
      { name: 'a', value: '1', expires: { value: { seconds: 0 } }, sameSite: 'explicitNone' },
      'a=1; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/; samesite=none',
    ],
  ])('sets the cookie %j as %s', async (cookie, expected) => {
    const { headers } = await answer({ cookies: [cookie] });

    expect(headers.get('set-cookie')).toBe(expected);
  });

  it('keeps a cookie header of its own beside cookies', async () => {
    const cookies = [{ name: 'b', value: '2' }];

    const { headers } = await answer({ headers: { 'set-cookie': 'a=1' }, cookies });

    expect(headers.get('set-cookie')).toEqual(['a=1', 'b=2; path=/']);
  });

  it.each([
    [{ cookies: [{ name: 'a b', value: '1' }] }],
    [{ cookies: [{ name: 'a', value: '1', maxAge: { value: -1 } }] }],
    [{ headers: { 'x-text': 'é' } }],
    [{ headers: { 'content-length': '1' }, body: bytes('ab') }],
  ])('is refused when it is %j', async (given) => {
    const { status, headers, bytes: body } = await answer(given);

    expect([status, body.length, headers.has('x-text')]).toEqual([500, 0, false]);
  });

  it('breaks the connection when it is shorter than it says', async () => {
    const running = answer({ headers: { 'content-length': '9' }, body: bytes('ab') });

    await expect(running).rejects.toThrow();
  });

  it.each([
    ['application/problem+json', [200, 'application/problem+json; charset=utf-8', '"eyJ9"']],
    ['text/json; charset=utf-8', [200, 'text/json; charset=utf-8', '"eyJ9"']],
    ['text/html', [406, 'text/html', '']],
  ])('is negotiated: %s becomes %j', async (type, expected) => {
    const headers = { 'content-type': type, 'x-more': '1' };

    const got = await answer({ headers, enableContentNegotiation: true, body: bytes('{"}') });

    expect([got.status, got.headers.get('content-type'), got.text()]).toEqual(expected);
    expect(got.headers.get('x-more')).toBe('1');
  });
});
