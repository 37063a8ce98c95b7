import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

import type { HttpClient } from '@azure/core-rest-pipeline';

/** Every secret that was seen on the wire or planted, so that it can be looked for wherever it must not be. */
export class Secrets {
  readonly #known = new Map<string, string>();

  /** @param what it is called when it is found where it must not be. */
  add(what: string, secret: string): void {
    if (secret.length >= 8) this.#known.set(secret, what);
  }

  get size(): number {
    return this.#known.size;
  }

  /** What kinds of secrets there are. */
  kinds(): ReadonlySet<string> {
    return new Set(this.#known.values());
  }

  /** What is in the text and must not be. */
  in(text: string): readonly string[] {
    const found = [...this.#known].filter(([secret]) => text.includes(secret));
    return [...new Set(found.map(([, what]) => what))];
  }

  /** Learns the secrets of a request and its answer. */
  learn(wire: {
    readonly authorization?: string | undefined;
    readonly sent?: string | undefined;
    readonly received?: string | null | undefined;
  }): void {
    const { authorization = '', sent = '', received } = wire;
    this.#token('an access token', authorization.replace(/^Bearer /i, ''));
    this.#token('an assertion', new URLSearchParams(sent).get('client_assertion') ?? '');
    for (const [name, value] of stringsIn(received ?? '')) {
      if (name === 'access_token') this.#token('an access token', value);
      if (name === 'token') this.#token('a token of a service account', value);
      if (name === 'value' && value.startsWith('YXBp')) this.#kubeconfig(value);
    }
  }

  /** The signature alone tells a token: whoever has cut a token in two has not hidden it. */
  #token(what: string, token: string): void {
    this.add(what, token);
    this.add(what, token.split('.').at(-1) ?? '');
  }

  #kubeconfig(encoded: string): void {
    this.add('a kubeconfig', encoded);
    const text = Buffer.from(encoded, 'base64').toString();
    for (const [, name = '', value = ''] of text.matchAll(/(client-key-data|token): (\S+)/g)) {
      this.add(`${name} of a kubeconfig`, value);
    }
  }
}

/** Names and texts of a JSON document, however deep. */
function stringsIn(text: string): readonly (readonly [string, string])[] {
  const found: [string, string][] = [];
  try {
    JSON.parse(text, (name, value: unknown) => {
      if (typeof value === 'string') found.push([name, value]);
      return value;
    });
  } catch {
    // Not JSON: then there is nothing in it that this looks for.
  }
  return found;
}

/** Listens to what goes through a client. */
export function overheard(http: HttpClient, secrets: Secrets): HttpClient {
  return {
    async sendRequest(request) {
      const response = await http.sendRequest(request);
      secrets.learn({
        authorization: request.headers.get('authorization'),
        sent: typeof request.body === 'string' ? request.body : undefined,
        received: response.bodyAsText,
      });
      return response;
    },
  };
}

/** A proxy in front of a server, which listens to what goes through it. */
export async function overhearing(
  secrets: Secrets,
): Promise<{ readonly url: string; target: string } & AsyncDisposable> {
  const proxy = { target: '', url: '' };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = 'GET', url = '/', headers } = request;
      const body = Buffer.concat(parts);
      const hop = ['host', 'connection', 'content-length'];
      const passed = Object.entries(headers).filter(([name]) => !hop.includes(name));
      const sent = {
        method,
        headers: Object.fromEntries(passed) as Record<string, string>,
        redirect: 'manual' as const,
      };
      fetch(proxy.target + url, { ...sent, ...(body.length > 0 && { body }) }).then(
        async (answer) => {
          const received = await answer.text();
          const { authorization } = headers;
          secrets.learn({ authorization, sent: body.toString(), received });
          const back = Object.fromEntries(answer.headers);
          Reflect.deleteProperty(back, 'content-encoding');
          Reflect.deleteProperty(back, 'transfer-encoding');
          response.writeHead(answer.status, {
            ...back,
            'content-length': Buffer.byteLength(received),
          });
          response.end(received);
        },
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** A stored value as text, what is compressed in it included. */
export function readable(body: string): string {
  const unpacked = stringsIn(body)
    .filter(([, value]) => value.startsWith('H4sI'))
    .map(([, value]) => gunzipSync(Buffer.from(value, 'base64')).toString());
  return [body, ...unpacked].join('\n');
}
