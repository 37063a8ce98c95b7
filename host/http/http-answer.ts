import { isObject } from '../json';
import type { TypedData } from '../loading/programming-model';
import { type Exchange, sendEmpty, sendJson } from './exchange';
import { toSetCookie } from './set-cookie';

interface HttpAnswer {
  readonly statusCode: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly unknown[];
  readonly enableContentNegotiation: boolean;
  readonly body: Buffer;
}

/** Sends what a function answered; no answer at all is 204. */
export function sendHttpAnswer(exchange: Exchange, data: TypedData | null | undefined): void {
  if (data === null || data === undefined) {
    sendEmpty(exchange, 204);
    return;
  }
  const answer = toHttpAnswer(data.http);
  const status = Number(answer.statusCode);
  if (answer.enableContentNegotiation) {
    sendNegotiated(exchange, status, answer);
    return;
  }
  const { response } = exchange;
  response.statusCode = status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.cookies.length > 0) response.setHeader('set-cookie', answer.cookies.map(toSetCookie));
  if (exchange.method === 'HEAD' || answer.body.length === 0) response.end();
  else response.end(answer.body);
}

/**
 * What Azure makes of `enableContentNegotiation` is of no use, and it is the same here: JSON goes out
 * as quoted base64, other content is refused.
 */
function sendNegotiated(exchange: Exchange, status: number, answer: HttpAnswer): void {
  const contentType = answer.headers['content-type'] ?? 'application/json';
  if (contentType.startsWith('application/json')) {
    sendJson(exchange, status, { value: answer.body.toString('base64') });
  } else {
    sendEmpty(exchange, 406, { 'content-type': contentType });
  }
}

function toHttpAnswer(http: unknown): HttpAnswer {
  const { statusCode, headers, cookies, enableContentNegotiation, body } = isObject(http)
    ? http
    : {};
  return {
    statusCode: typeof statusCode === 'string' ? statusCode : '200',
    headers: isObject(headers) ? (headers as Record<string, string>) : {},
    cookies: Array.isArray(cookies) ? cookies : [],
    enableContentNegotiation: enableContentNegotiation === true,
    body: toBytes(body),
  };
}

function toBytes(body: unknown): Buffer {
  if (!isObject(body)) return Buffer.alloc(0);
  const { bytes, string } = body;
  if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return Buffer.from(typeof string === 'string' ? string : '');
}
