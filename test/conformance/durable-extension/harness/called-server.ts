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

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  asked: Map<string, number>,
): Promise<void> {
  const [, kind, first = '', second = ''] = (request.url ?? '').split('/');
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const end = (status: number, text: string): void => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  };
  if (kind === 'hello') end(200, 'hello');
  else if (kind === 'echo') end(200, `${request.method ?? ''} ${Buffer.concat(parts).toString()}`);
  else if (kind === 'status') end(Number(first), `status ${first}`);
  else {
    const times = asked.get(first) ?? 0;
    asked.set(first, times + 1);
    const location = `http://${request.headers.host ?? ''}/accepted/${first}/${second}`;
    if (times < Number(second)) response.writeHead(202, { location, 'retry-after': '1' }).end();
    else end(200, 'done at last');
  }
}
