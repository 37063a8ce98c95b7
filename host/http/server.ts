import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

import { HostError } from '../host-error';
import type { HostLog } from '../log';
import { type Exchange, hasGone, sendEmpty, toExchange } from './exchange';
import { maxHeaderSize, refusalFor, statusForUnreadable } from './kestrel-limits';
import { OpenAnswers } from './open-answers';

export interface Listener {
  readonly port: number;
  /** Takes no new connection, lets running requests end for `drainMs`, then ends them. */
  close(drainMs: number): Promise<void>;
}

export interface ListenOptions {
  /** 0 = any that is free */
  readonly port: number;
  readonly hostname: string;
  readonly log: HostLog;
  readonly handle: (exchange: Exchange) => Promise<void>;
}

/**
 * Serves requests. Whatever goes wrong in one of them ends as a 500 with an empty body, or as a 503
 * while the host cannot work.
 * @throws HostError when the port is taken
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const answers = new OpenAnswers();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    answers.add(request.socket, response);
    response.once('close', () => {
      // A connection that is kept alive after its last answer would hold up the end of the host.
      if (!server.listening) server.closeIdleConnections();
    });
    void serve(options, request, response);
  };
  const server = createServer({ maxHeaderSize }, answer);
  server.on('checkExpectation', answer);
  server.on('clientError', (error, socket) => {
    if (socket.writable && !answers.hasBegun(socket)) refuse(socket, statusForUnreadable(error));
    else socket.destroy();
  });
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  return { port, close: (drainMs) => closeServer(server, drainMs) };
}

/** What is sent to a connection whose bytes are no request. */
function refuse(socket: Duplex, status: number): void {
  const line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`;
  socket.end(`${line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

async function serve(
  { handle, log }: ListenOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.on('error', () => undefined); // a broken connection is seen where the body is read
  response.on('error', () => undefined);
  const refusal = refusalFor(request);
  const exchange = refusal === undefined ? toExchange(request, response) : undefined;
  if (!exchange) {
    response.writeHead(refusal ?? 400, { 'content-length': 0, connection: 'close' }).end();
    return;
  }
  try {
    await handle(exchange);
  } catch (error) {
    if (hasGone(request)) return;
    const isKnown = error instanceof HostError; // and was logged where it arose
    if (!isKnown)
      log.write('error', `${exchange.method} ${exchange.path} failed: ${toText(error)}`);
    if (response.headersSent) response.destroy();
    else sendEmpty(exchange, isKnown ? 503 : 500);
  }
}

/** Only the path is logged: a query may hold a key. */
function toText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function bind(server: Server, { port, hostname }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const cause =
        error.code === 'EADDRINUSE'
          ? 'is in use'
          : `cannot be used (${error.code ?? error.message})`;
      reject(new HostError(`Port ${port} on ${hostname} ${cause}. Choose another with --port.`));
    });
    server.listen(port, hostname, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

async function closeServer(server: Server, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    server.closeAllConnections();
  }, drainMs);
  await closed;
  clearTimeout(timer);
}
