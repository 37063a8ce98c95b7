import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { malformedAnswer, tooLarge } from './unread-request';
import { readBody } from './read-body';
import type { RawAnswer, RawRequest } from './wire';

const largestBody = 4 * 1024 * 1024; // ARM's own limit for a request

/** Answers a request; what it returns is sent once `settled` has resolved. */
export interface Handler {
  handle(request: RawRequest): RawAnswer | Promise<RawAnswer>;
  /** Resolves when everything that was answered is on disk. */
  settled(): Promise<void>;
  failed(error: unknown): void;
}

export function createHttpServer(handler: Handler): Server {
  const server = createServer((request, response) => {
    void serve(request, response, handler);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (socket.writable) socket.end(malformedAnswer(error.code));
    else socket.destroy();
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handler: Handler,
): Promise<void> {
  try {
    const body = await readBody(request, largestBody);
    if (body === undefined) {
      send(response, tooLarge);
      return;
    }
    const { method = 'GET', url = '/' } = request;
    const answer = await handler.handle({ method, url, headers: headersOf(request), body });
    await handler.settled();
    if (answer.reset === true) request.socket.destroy();
    else send(response, answer);
  } catch (error) {
    handler.failed(error);
    send(response, serverError);
  }
}

const serverError: RawAnswer = {
  status: 500,
  body: {
    error: {
      code: 'InternalServerError',
      message: 'The simulated Azure failed at this request. Its log says why.',
    },
  },
};

function send(response: ServerResponse, { status, body, headers }: RawAnswer): void {
  if (response.headersSent || response.destroyed) return;
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...(text !== '' && { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function headersOf({ headers }: IncomingMessage): RawRequest['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}
