import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Reply = readonly [status: number, headers: Record<string, string>, body: string];

const json = { 'content-type': 'application/json' };

/** Headers that depend on the caller's HTTP library, not on the host. */
const callersOwn = /^(?:host|connection|traceparent|tracestate|request-id|.*correlation.*)$/;

/** The server that `callHttp` of the recorded app calls. */
export async function startCalledServer(): Promise<{ origin: string; close: () => void }> {
  const polls = new Map<string, number>();
  const server = createServer((request, response) => {
    void answer(request, response, polls);
  });
  server.keepAliveTimeout = 5000; // its value shows in what the app sees
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  polls: Map<string, number>,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const origin = `http://${request.headers.host ?? ''}`;
  const url = new URL(request.url ?? '/', origin);
  const [status, headers, body] = url.pathname.startsWith('/long')
    ? replyLong(url, polls)
    : url.pathname === '/poll'
      ? replyPoll(url, request, polls)
      : replyPlain(url, request, Buffer.concat(parts).toString());
  response.writeHead(status, headers).end(body);
}

function replyPlain(url: URL, request: IncomingMessage, body: string): Reply {
  const headers = Object.entries(request.headers).filter(([name]) => !callersOwn.test(name));
  const replies: Readonly<Record<string, Reply>> = {
    '/json': [200, { ...json, 'x-reply': 'r1' }, JSON.stringify({ ok: true, q: url.search })],
    '/text': [200, { 'content-type': 'text/plain' }, 'plain answer'],
    '/empty': [204, {}, ''],
    '/missing': [404, { 'content-type': 'text/plain' }, 'nothing here'],
    '/broken': [500, json, '{"error":"broken"}'],
    '/redirect': [302, { location: '/json?from=redirect' }, ''],
    '/echo': [
      200,
      json,
      JSON.stringify({ method: request.method, headers: Object.fromEntries(headers), body }),
    ],
  };
  return replies[url.pathname] ?? [404, {}, 'no such path'];
}

function replyLong(url: URL, polls: Map<string, number>): Reply {
  const key = url.searchParams.get('k') ?? '';
  const poll = `/poll?k=${key}`;
  const again = { 'retry-after': '1' };
  if (url.pathname === '/long-nolocation') return [202, again, 'accepted without location'];
  if (url.pathname === '/long-relative') {
    polls.set(key, 1);
    return [202, { location: poll, ...again }, ''];
  }
  const location = `${url.origin}${poll}`;
  if (url.pathname === '/long-noretry') {
    polls.set(key, 2);
    return [202, { location }, ''];
  }
  polls.set(key, Number(url.searchParams.get('n')));
  return [202, { location, ...again, ...json }, '{"state":"accepted"}'];
}

function replyPoll(url: URL, request: IncomingMessage, polls: Map<string, number>): Reply {
  const key = url.searchParams.get('k') ?? '';
  const left = (polls.get(key) ?? 0) - 1;
  polls.set(key, left);
  const location = `${url.origin}${url.pathname}${url.search}`;
  return left > 0
    ? [202, { location, 'retry-after': '1' }, '']
    : [200, json, JSON.stringify({ state: 'finished', method: request.method })];
}
