import { type IncomingMessage, request as sendHttp, type RequestOptions } from 'node:http';
import { request as sendHttps } from 'node:https';

import type { HttpRequest } from './actions';
import type { Ending } from './failures';
import { reasonOf } from './failures';

/** How long an answer may take. */
const timeoutMs = 100_000;

/** How many redirects are followed. */
const mostRedirects = 50;

/** What the Durable extension calls itself. */
const userAgent = 'Microsoft.Azure.WebJobs.Extensions.DurableTask/3.19.0';

/** Makes an HTTP call for an orchestrator; every answer is a result, only a missing one is a failure. */
export async function callHttp(requestText: string): Promise<Ending> {
  const request = JSON.parse(requestText) as HttpRequest;
  if (request.tokenSource !== undefined && request.tokenSource !== null) {
    return failed('callHttp with a tokenSource needs a managed identity: it works in Azure only.');
  }
  try {
    const answer = await follow(request);
    return { result: JSON.stringify(answer) };
  } catch (error) {
    return failed(explained(error, request.uri));
  }
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
}

async function follow(request: HttpRequest): Promise<Answer> {
  let next = request;
  for (let redirects = 0; ; redirects += 1) {
    const message = await send(next);
    const content = await textOf(message);
    const redirected = redirects < mostRedirects ? redirectOf(next, message) : undefined;
    if (redirected === undefined) {
      return { statusCode: message.statusCode ?? 0, headers: headersOf(message), content };
    }
    next = redirected;
  }
}

function send({ uri, method, headers, content }: HttpRequest): Promise<IncomingMessage> {
  const url = new URL(uri);
  const body = content === undefined ? undefined : Buffer.from(content);
  const options: RequestOptions = {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    headers: withStandardHeaders(lowerCase(headers ?? {}), content),
  };
  return new Promise((resolve, reject) => {
    const sender = url.protocol === 'https:' ? sendHttps : sendHttp;
    sender(url, options, resolve).on('error', reject).end(body);
  });
}

/** The caller's headers, and what the extension adds where they say nothing; those of the content last. */
function withStandardHeaders(
  headers: Readonly<Record<string, string>>,
  content: string | undefined,
): Record<string, string | number> {
  const { 'content-type': type, ...others } = headers;
  const named = { ...others, 'user-agent': headers['user-agent'] ?? userAgent };
  if (content === undefined) return named;
  return {
    ...named,
    'content-type': type ?? (isJson(content) ? 'application/json' : 'text/plain'),
    'content-length': Buffer.byteLength(content),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

async function textOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** Where to go next; a POST becomes a GET unless the answer says that it must not. */
function redirectOf(request: HttpRequest, message: IncomingMessage): HttpRequest | undefined {
  const { statusCode = 0, headers } = message;
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) {
    return undefined;
  }
  const uri = new URL(headers.location, request.uri).href;
  if (request.uri.startsWith('https:') && uri.startsWith('http:')) return undefined;
  if (statusCode >= 307 || request.method !== 'POST') return { ...request, uri };
  const { headers: sent, asynchronousPatternEnabled } = request;
  return {
    method: 'GET',
    uri,
    ...(sent === undefined ? {} : { headers: sent }),
    ...(asynchronousPatternEnabled === undefined ? {} : { asynchronousPatternEnabled }),
  };
}

/** Headers that .NET counts as those of the content, which the extension leaves out. */
const ofContent = /^(?:content-.*|allow|expires|last-modified)$/i;

/** Headers that .NET knows have its spelling; others keep that of the sender. */
const known =
  /^(?:accept-ranges|age|cache-control|connection|date|etag|keep-alive|location|pragma|proxy-authenticate|retry-after|server|set-cookie|trailer|transfer-encoding|upgrade|vary|via|warning|www-authenticate)$/i;

function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [raw = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (ofContent.test(raw)) continue;
    const name = known.test(raw) ? spelled(raw) : raw;
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return Object.fromEntries([...headers].map(([name, values]) => [name, values.join(', ')]));
}

function spelled(name: string): string {
  if (name.toLowerCase() === 'etag') return 'ETag';
  if (name.toLowerCase() === 'www-authenticate') return 'WWW-Authenticate';
  return name.toLowerCase().replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function failed(reason: string): Ending {
  const details = {
    $type: 'System.Net.Http.HttpRequestException, System.Net.Http',
    Message: reason,
  };
  return { failure: { Reason: reason, Details: JSON.stringify(details) } };
}

function explained(error: unknown, uri: string): string {
  if ((error as { code?: unknown }).code === 'ECONNREFUSED') {
    const { hostname, port, protocol } = new URL(uri);
    return `Connection refused (${hostname}:${port || (protocol === 'https:' ? '443' : '80')})`;
  }
  return reasonOf(error);
}
