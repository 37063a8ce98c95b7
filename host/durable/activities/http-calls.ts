import { type IncomingMessage, request as sendHttp, type RequestOptions } from 'node:http';
import { request as sendHttps } from 'node:https';
import { TextDecoder } from 'node:util';

import type { HttpRequest } from '../orchestrations/actions';
import type { Ending } from '../failures';
import { httpFailure, RefusedCall } from './http-failures';
import { type AnswerHeaders, headersOfAnswer, headersToSend } from './http-headers';

/** How long an answer may take. */
const timeoutMs = 100_000;

/** How many redirects are followed. */
const mostRedirects = 50;

/** Makes an HTTP call for an orchestrator; every answer is a result, only a missing one is a failure. */
export async function callHttp(requestText: string): Promise<Ending> {
  const request = JSON.parse(requestText) as HttpRequest;
  try {
    if (request.tokenSource !== undefined && request.tokenSource !== null) {
      const message =
        'callHttp with a tokenSource needs a managed identity: it works in Azure only.';
      throw new RefusedCall('System.NotSupportedException', message);
    }
    const answer = await follow(request);
    return { result: JSON.stringify(answer) };
  } catch (error) {
    return httpFailure(error, request.uri);
  }
}

interface Answer {
  readonly statusCode: number;
  readonly headers: AnswerHeaders;
  readonly content: string;
}

async function follow(request: HttpRequest): Promise<Answer> {
  let next = request;
  for (let redirects = 0; ; redirects += 1) {
    const message = await send(next);
    const content = await textOf(message);
    const redirected = redirects < mostRedirects ? redirectOf(next, message) : undefined;
    if (redirected === undefined) {
      const headers = headersOfAnswer(message.rawHeaders);
      return { statusCode: message.statusCode ?? 0, headers, content };
    }
    next = redirected;
  }
}

async function send({ uri, method, headers, content }: HttpRequest): Promise<IncomingMessage> {
  const url = toUrl(uri);
  const text = content ?? undefined;
  const options: RequestOptions = {
    method,
    signal: AbortSignal.timeout(timeoutMs),
    headers: headersToSend(headers ?? {}, text),
  };
  return new Promise((resolve, reject) => {
    const sender = url.protocol === 'https:' ? sendHttps : sendHttp;
    const sent = sender(url, options, resolve).on('error', reject);
    // .NET does not say that it keeps connections.
    sent.removeHeader('connection');
    sent.end(text);
  });
}

function toUrl(uri: string): URL {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined) {
    const message =
      'An invalid request URI was provided. Either the request URI must be an absolute URI or BaseAddress must be set.';
    throw new RefusedCall('System.InvalidOperationException', message);
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  const message = `The '${url.protocol.replace(':', '')}' scheme is not supported.`;
  throw new RefusedCall('System.NotSupportedException', message);
}

async function textOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  const [, encoding = 'utf-8'] =
    /charset="?([\w.-]+)/i.exec(message.headers['content-type'] ?? '') ?? [];
  return decoderOf(encoding).decode(Buffer.concat(parts));
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    return new TextDecoder();
  }
}

/** Where to go next; some methods become GET unless the answer says that they must not. */
function redirectOf(request: HttpRequest, message: IncomingMessage): HttpRequest | undefined {
  const { statusCode = 0, headers } = message;
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) {
    return undefined;
  }
  const uri = new URL(headers.location, request.uri).href;
  if (request.uri.startsWith('https:') && uri.startsWith('http:')) return undefined;
  if (!becomesGet(request.method, statusCode)) return { ...request, uri };
  const { headers: sent, asynchronousPatternEnabled } = request;
  return {
    method: 'GET',
    uri,
    ...(sent === undefined ? {} : { headers: sent }),
    ...(asynchronousPatternEnabled === undefined ? {} : { asynchronousPatternEnabled }),
  };
}

function becomesGet(method: string, statusCode: number): boolean {
  if (statusCode === 303) return !['GET', 'HEAD'].includes(method);
  return statusCode < 303 && method === 'POST';
}
