import type { IncomingMessage, ServerResponse } from 'node:http';

import { parseQuery, type Query } from './query';
import { decodePath, encodePath } from './request-path';

/** A request on its way through the host, and the answer to it. */
export interface Exchange {
  readonly method: string;
  /** Without the query and dot segments; encoded as the host writes addresses */
  readonly path: string;
  /** The same decoded, but for an encoded slash */
  readonly decodedPath: string;
  /** As sent, with `?`; empty if there is none */
  readonly search: string;
  readonly query: Query;
  /** Lower-case names; repeated headers joined with `,` */
  readonly headers: Readonly<Record<string, string>>;
  /** Scheme and host under which the caller reached this host */
  readonly origin: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Undefined for a request that ASP.NET Core would not take. */
export function toExchange(
  request: IncomingMessage,
  response: ServerResponse,
): Exchange | undefined {
  const [rawPath, search] = splitTarget(request.url ?? '/');
  const decodedPath = decodePath(rawPath);
  const headers = joinHeaders(request.headersDistinct);
  if (decodedPath === undefined || !headers || !isHost(request.headers.host)) return undefined;
  return {
    method: (request.method ?? 'GET').toUpperCase(),
    path: encodePath(decodedPath),
    decodedPath,
    search,
    query: parseQuery(search),
    headers,
    origin: `${toScheme(headers)}://${headers['host'] ?? 'localhost'}`,
    request,
    response,
  };
}

/** A name or an address with a port, or nothing at all. */
function isHost(text = ''): boolean {
  return /^(?:(?:\[[\da-f:.]+\]|[\w!$&'()*+,;=.~-]+)(?::\d*)?)?$/i.test(text);
}

/** Path and query; a proxy may send them behind an origin. A target of `*` is no path of anything. */
function splitTarget(target: string): [path: string, search: string] {
  if (target === '*') return ['//', ''];
  const local = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = local.indexOf('?');
  const path = mark < 0 ? local : local.slice(0, mark);
  return [path === '' ? '/' : path, mark < 0 ? '' : local.slice(mark)];
}

/**
 * Headers are UTF-8; undefined if one is not. A front end that puts itself in the place of the host
 * tells the host that was meant.
 */
function joinHeaders(distinct: NodeJS.Dict<string[]>): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const [name, values = []] of Object.entries(distinct)) {
    const text = fromUtf8(values.join(','));
    if (text === undefined) return undefined;
    headers[name] = text;
  }
  const meant = headers['disguised-host'];
  return meant === undefined ? headers : { ...headers, host: meant };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Node reads each byte of a header as a character. */
function fromUtf8(value: string): string | undefined {
  if (!/[^\0-\x7f]/.test(value)) return value;
  try {
    return utf8.decode(Buffer.from(value, 'latin1'));
  } catch {
    return undefined;
  }
}

/** A front end that ends TLS says so in a header. */
function toScheme(headers: Readonly<Record<string, string>>): string {
  return headers['x-forwarded-proto']?.toLowerCase() === 'https' ? 'https' : 'http';
}

/** The first value of a header that came more than once, as it was sent. */
export function firstHeader({ request }: Exchange, name: string): string | undefined {
  return request.headersDistinct[name]?.[0];
}

/** Whether the caller broke the connection before all of the request was there. */
export function hasGone(request: IncomingMessage): boolean {
  return request.errored !== null && !request.complete;
}

type Headers = Readonly<Record<string, string>>;

/** Answers without a body. */
export function sendEmpty({ response }: Exchange, status: number, headers: Headers = {}): void {
  response.writeHead(status, {
    ...headers,
    ...(mayHaveBody(status) ? { 'content-length': 0 } : {}),
  });
  response.end();
}

/** Answers with a JSON text that exists already. */
export function sendJsonText(
  exchange: Exchange,
  status: number,
  answer: { readonly text: string; readonly headers?: Headers },
): void {
  exchange.response.writeHead(status, {
    ...answer.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(answer.text),
  });
  exchange.response.end(answer.text);
}

export function sendJson(
  exchange: Exchange,
  status: number,
  answer: { readonly value: unknown; readonly headers?: Headers },
): void {
  sendJsonText(exchange, status, {
    text: JSON.stringify(answer.value),
    headers: answer.headers ?? {},
  });
}

export function sendText(exchange: Exchange, status: number, text: string): void {
  exchange.response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  exchange.response.end(text);
}

function mayHaveBody(status: number): boolean {
  return status !== 204 && status !== 304;
}
