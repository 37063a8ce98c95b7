import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Respond = (request: Received, response: ServerResponse) => void;

/** A webhook on a free port of this machine that remembers what it was sent. */
export class Receiver implements AsyncDisposable {
  readonly received: Received[] = [];
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const received = { method, url, headers, body: Buffer.concat(chunks).toString() };
      this.received.push(received);
      this.respond(received, response);
    });
  });
  private respond: Respond;

  private constructor(respond: Respond) {
    this.respond = respond;
  }

  static async start(respond: Respond = answering(200)): Promise<Receiver> {
    const receiver = new Receiver(respond);
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook?code=s3cret`;
  }

  answer(respond: Respond): void {
    this.respond = respond;
  }

  /** Ids of the events received, in the order they came. */
  get eventIds(): readonly string[] {
    return this.received.map(({ body }) => {
      const parsed = JSON.parse(body) as { id: string } | [{ id: string }];
      return Array.isArray(parsed) ? parsed[0].id : parsed.id;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

/** Answers with these statuses in turn, and with the last one from then on. */
export function answering(...statuses: readonly number[]): Respond {
  const left = [...statuses];
  return (_, response) => {
    const status = left.length > 1 ? left.shift() : left[0];
    response.writeHead(status ?? 200).end();
  };
}

/** Allows the origin of the CloudEvents handshake, and takes every event. */
export function welcoming(_: Received, response: ServerResponse): void {
  response.writeHead(200, { 'webhook-allowed-origin': '*' }).end();
}
