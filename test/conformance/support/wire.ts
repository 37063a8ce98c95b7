import { type IncomingMessage, request as send } from 'node:http';

/** What came back, as it was sent. */
export class Answer {
  readonly status: number;
  /** Lower-case names; several values of one name as a list */
  readonly headers: ReadonlyMap<string, string | readonly string[]>;
  readonly bytes: Buffer;

  constructor(message: IncomingMessage, bytes: Buffer) {
    this.status = message.statusCode ?? 0;
    const entries = Object.entries(message.headersDistinct).map(
      ([name, values = []]): [string, string | readonly string[]] => [
        name,
        values.length === 1 ? (values[0] ?? '') : values,
      ],
    );
    this.headers = new Map(entries);
    this.bytes = bytes;
  }

  text(): string {
    return this.bytes.toString('utf8');
  }

  /** The text itself when it is not JSON */
  json(): unknown {
    try {
      return JSON.parse(this.text());
    } catch {
      return this.text();
    }
  }
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Buffer;
  /** Sent one after the other without announcing a length */
  readonly chunks?: readonly string[];
}

const patienceMs = 100_000;

/** One request on a connection of its own; rejects when the connection breaks. */
export function call(
  origin: string,
  { method = 'GET', path, headers, body, chunks }: Call,
): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  const length = body && !chunks ? { 'content-length': String(body.length) } : {};
  const all = Object.entries({ ...headers, ...length });
  return new Promise((resolve, reject) => {
    const request = send(
      {
        host: hostname,
        port,
        method,
        path,
        agent: false,
        headers: Object.fromEntries(all) as Record<string, string>,
      },
      (message) => {
        const parts: Buffer[] = [];
        message.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
        message.on('end', () => {
          resolve(new Answer(message, Buffer.concat(parts)));
        });
      },
    );
    request.on('error', reject);
    request.setTimeout(patienceMs, () => request.destroy(new Error('no answer')));
    for (const chunk of chunks ?? []) request.write(chunk);
    request.end(chunks ? undefined : body);
  });
}
