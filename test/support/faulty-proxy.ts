import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to one request on its way, or to its answer. */
export type Fault =
  | 'none'
  /** The connection breaks before the service has seen anything. */
  | 'reset'
  /** Nobody ever answers. */
  | 'silence'
  /** The service does what it was asked for, and nobody hears of it. */
  | 'lost answer'
  /** The service does what it was asked for, and reports that it could not. */
  | 'wrong answer'
  /** The connection breaks within the answer. */
  | 'torn answer'
  /** The sender dies within the request, when this share of it was sent. */
  | { readonly sent: number }
  /** The proxy answers itself. */
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Somebody else comes first. */
  | { readonly before: () => Promise<unknown> };

export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly at: number;
}

/** A way to a service on which requests and answers get lost as it was told to. */
export class FaultyProxy {
  readonly passed: Passed[] = [];
  /** Of the next requests, in their order. */
  readonly faults: Fault[] = [];
  readonly #target: URL;
  readonly #server = createServer((incoming, outgoing) => {
    void this.#pass(incoming, outgoing);
  });

  /** @param target address of the service; its path stays. */
  constructor(target: string) {
    this.#target = new URL(target);
  }

  /** @returns the address to use instead of the service's. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#target.pathname}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = incoming;
    const fault = this.faults.shift() ?? 'none';
    const body = await bodyOf(incoming);
    this.passed.push({ method, path, at: Date.now() });
    if (fault === 'silence') return;
    if (fault === 'reset') return void outgoing.destroy();
    if (typeof fault === 'string') return this.#forward(incoming, { body, outgoing, fault });
    if ('before' in fault) {
      await fault.before();
      return this.#forward(incoming, { body, outgoing, fault });
    }
    if ('status' in fault) {
      return void outgoing.writeHead(fault.status, fault.headers).end(fault.body);
    }
    await this.#sendPart(incoming, body.subarray(0, Math.floor(body.length * fault.sent)));
    outgoing.destroy();
  }

  async #forward(
    incoming: IncomingMessage,
    to: { readonly body: Buffer; readonly outgoing: ServerResponse; readonly fault: Fault },
  ): Promise<void> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(this.#options(incoming), resolve).on('error', reject).end(to.body);
    });
    const body = await bodyOf(answer);
    if (to.fault === 'lost answer') return void to.outgoing.destroy();
    if (to.fault === 'wrong answer') return void to.outgoing.writeHead(500).end();
    const headers = { ...answer.headers, 'content-length': String(body.length) };
    delete headers['transfer-encoding'];
    to.outgoing.writeHead(answer.statusCode ?? 0, headers);
    if (to.fault !== 'torn answer') return void to.outgoing.end(body);
    to.outgoing.write(body.subarray(0, body.length / 2), () => to.outgoing.destroy());
  }

  #sendPart(incoming: IncomingMessage, part: Buffer): Promise<void> {
    return new Promise((resolve) => {
      const broken = httpRequest(this.#options(incoming)).on('error', () => {
        resolve();
      });
      broken.write(part, () => setTimeout(() => broken.destroy(), 20));
    });
  }

  #options({ method, url, headers }: IncomingMessage): RequestOptions {
    const { hostname, port } = this.#target;
    return { hostname, port, method, path: url, headers: { ...headers, host: this.#target.host } };
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
