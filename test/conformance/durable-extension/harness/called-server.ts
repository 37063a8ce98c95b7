import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface CalledServer {
  readonly url: string;
  close(): void;
}

/**
 * What orchestrations call over HTTP: `/hello`, `/echo`, `/status/500`, and `/accepted/{key}/{n}`, which
 * answers with 202 and a place to ask again until it was asked n times.
 */
export async function startCalledServer(): Promise<CalledServer> {
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    void answer(request, response, asked);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

type Answer = (
  response: ServerResponse,
  call: { readonly parts: readonly string[]; readonly body: string; readonly url: string },
) => void;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  asked: Map<string, number>,
): Promise<void> {
  const [, kind = '', ...parts] = (request.url ?? '').split('/');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = `${request.method ?? ''} ${Buffer.concat(chunks).toString()}`;
  const url = `http://${request.headers.host ?? ''}`;
  const kinds: Readonly<Record<string, Answer>> = { ...plain, accepted: acceptance(asked) };
  kinds[kind]?.(response, { parts, body, url });
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}

const plain: Readonly<Record<string, Answer>> = {
  hello(response) {
    end(response, 200, 'hello');
  },
  echo(response, { body }) {
    end(response, 200, body);
  },
  status(response, { parts: [status = ''] }) {
    end(response, Number(status), `status ${status}`);
  },
};

function acceptance(asked: Map<string, number>): Answer {
  return (response, { parts: [key = '', times = ''], url }) => {
    const before = asked.get(key) ?? 0;
    asked.set(key, before + 1);
    if (before >= Number(times)) end(response, 200, 'done at last');
    else {
      const location = `${url}/accepted/${key}/${times}`;
      response.writeHead(202, { location, 'retry-after': '1' }).end();
    }
  };
}
