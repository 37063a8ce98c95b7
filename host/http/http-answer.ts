import type { ServerResponse } from 'node:http';

import { isObject } from '../json';
import type { TypedData } from '../loading/programming-model';
import { type Exchange, sendEmpty } from './exchange';
import { toSetCookie } from './set-cookie';

/** An answer of a function, as it goes out. */
interface HttpAnswer {
  readonly status: number;
  /** Names in lower case */
  readonly headers: ReadonlyMap<string, string | readonly string[]>;
  readonly body: Buffer;
}

/**
 * Sends what a function answered; no answer at all is 204.
 * @throws Error, with nothing sent, for an answer that ASP.NET Core refuses
 */
export function sendHttpAnswer(exchange: Exchange, data: TypedData | null | undefined): void {
  if (data === null || data === undefined) {
    sendEmpty(exchange, 204);
    return;
  }
  const answer = toHttpAnswer(data.http);
  exchange.response.statusCode = answer.status;
  for (const [name, value] of answer.headers) exchange.response.setHeader(name, value);
  sendBody(exchange, answer);
}

/** An answer that is shorter than its headers say breaks the connection. */
function sendBody({ method, response }: Exchange, { status, headers, body }: HttpAnswer): void {
  const announced = Number(headers.get('content-length') ?? body.length);
  if (method === 'HEAD' || status === 204 || status === 304) response.end();
  else if (body.length < announced) response.write(body, () => response.destroy());
  else if (body.length === 0) response.end();
  else sendPieces(response, body);
}

/** Without a length, as on Azure: the body goes out in pieces. */
function sendPieces(response: ServerResponse, body: Buffer): void {
  response.write(body);
  response.end();
}

function toHttpAnswer(http: unknown): HttpAnswer {
  const fields = isObject(http) ? http : {};
  const status = Number(fields['statusCode'] ?? '200');
  const named = Object.entries(isObject(fields['headers']) ? fields['headers'] : {});
  const headers = new Map<string, string | readonly string[]>(
    named.map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const body = toBytes(fields['body']);
  if (fields['enableContentNegotiation'] === true) return negotiate({ status, headers, body });
  const cookies = Array.isArray(fields['cookies']) ? fields['cookies'].map(toSetCookie) : [];
  if (cookies.length > 0) {
    headers.set('set-cookie', [...[headers.get('set-cookie') ?? []].flat(), ...cookies]);
  }
  check(headers, body);
  return { status, headers, body };
}

/** Response headers are ASCII, and their length is not too small. */
function check(headers: HttpAnswer['headers'], body: Buffer): void {
  for (const value of [...headers.values()].flat()) checkValue(value);
  const announced = Number(headers.get('content-length') ?? body.length);
  if (body.length > announced) {
    throw new Error(`The answer has ${body.length} bytes, but its Content-Length is ${announced}.`);
  }
}

function checkValue(value: string): void {
  if (/^[\t -~]*$/.test(value)) return;
  throw new Error(`The header value ${JSON.stringify(value)} is not ASCII. Encode it.`);
}

/**
 * What Azure makes of `enableContentNegotiation` is of no use, and it is the same here: JSON goes out
 * as quoted base64, other content is refused, cookies are lost.
 */
function negotiate({ status, headers, body }: HttpAnswer): HttpAnswer {
  const contentType = String(headers.get('content-type') ?? 'application/json');
  const [mediaType = ''] = contentType.split(';');
  if (!/^\s*(?:application\/(?:[\w.-]+\+)?json|text\/json)\s*$/i.test(mediaType)) {
    return { status: 406, headers, body: Buffer.alloc(0) };
  }
  const text = Buffer.from(JSON.stringify(body.toString('base64')));
  const json: [string, string][] = [
    ['content-type', `${mediaType.trim()}; charset=utf-8`],
    ['content-length', String(text.length)],
  ];
  return { status, headers: new Map([...headers, ...json]), body: text };
}

function toBytes(body: unknown): Buffer {
  if (!isObject(body)) return Buffer.alloc(0);
  const { bytes, string } = body;
  if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return Buffer.from(typeof string === 'string' ? string : '');
}
