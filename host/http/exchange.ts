import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

/** A request on its way through the host, and the answer to it. */
export interface Exchange {
  readonly method: string;
  /** As sent, still encoded, without the query */
  readonly path: string;
  /** As sent, with `?`; empty if there is none */
  readonly search: string;
  readonly query: URLSearchParams;
  /** Lower-case names; repeated headers joined with `,` */
  readonly headers: Readonly<Record<string, string>>;
  /** Scheme and host under which the caller reached this host */
  readonly origin: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export function toExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const search = mark < 0 ? '' : target.slice(mark);
  const headers = joinHeaders(request.headersDistinct, request.headers);
  return {
    method: (request.method ?? 'GET').toUpperCase(),
    path: mark < 0 ? target : target.slice(0, mark),
    search,
    query: new URLSearchParams(search),
    headers,
    origin: `${toScheme(headers)}://${headers['host'] ?? 'localhost'}`,
    request,
    response,
  };
}

function joinHeaders(
  distinct: NodeJS.Dict<string[]>,
  joined: IncomingHttpHeaders,
): Record<string, string> {
  const headers = Object.entries(distinct).map(([name, values = []]): [string, string] => [
    name,
    name === 'cookie' ? String(joined.cookie) : values.join(','),
  ]);
  return Object.fromEntries(headers);
}

/** A front end that ends TLS says so in a header. */
function toScheme(headers: Readonly<Record<string, string>>): string {
  const forwarded = headers['x-forwarded-proto']?.split(',')[0]?.trim().toLowerCase();
  return forwarded === 'https' ? 'https' : 'http';
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
