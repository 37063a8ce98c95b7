import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

import type { TokenCredential } from '@azure/core-auth';

import { connectKubernetes } from '../../../clients/kubernetes/connect';
import type { KubeApi } from '../../../clients/kubernetes/kube-api';
import type { RawArm } from '../../../clients/raw-arm';
import { Authority } from '../../../simulator/kubernetes/tls/authority';
import { seeded } from '../../../simulator/seed';
import { clusterId } from '../../support/clusters';

export interface Heard {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answering = (heard: Heard, response: ServerResponse) => void;

/** A TLS server that answers as a test says, with a kubeconfig that leads to it. */
export interface TestApiServer extends AsyncDisposable {
  readonly heard: readonly Heard[];
  readonly sockets: ReadonlySet<Socket>;
  readonly kubeconfig: (login?: 'entra' | 'local') => string;
}

export async function anApiServer(
  answer: Answering,
  { seed = 1, trusts = seed }: { readonly seed?: number; readonly trusts?: number } = {},
): Promise<TestApiServer> {
  const authority = new Authority(seeded(seed), clusterId);
  const { certificate: cert, key } = authority.server(['kubernetes']);
  const heard: Heard[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ cert, key }, (request, response) => {
    void request.toArray().then((chunks) => {
      const { method = '', url = '/', headers } = request;
      const body = Buffer.concat(chunks as Buffer[]).toString();
      const one = { method, url: new URL(url, 'https://cluster'), headers, body };
      heard.push(one);
      answer(one, response);
    });
  });
  server.on('secureConnection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const trusted = new Authority(seeded(trusts), clusterId).certificate;
  return {
    heard,
    sockets,
    kubeconfig: (login = 'entra') => kubeconfigFor(port, trusted, login),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** The API of the cluster whose kubeconfig Azure gives; each time it is asked, the next of them. */
export async function apiOf(
  kubeconfigs: readonly string[],
  credential: TokenCredential = tokens('token-1'),
): Promise<KubeApi> {
  let asked = 0;
  const arm: RawArm = () => {
    const text = kubeconfigs[Math.min(asked, kubeconfigs.length - 1)] ?? '';
    asked += 1;
    const value = Buffer.from(text).toString('base64');
    const body = { kubeconfigs: [{ name: 'clusterUser', value }] };
    return Promise.resolve({ status: 200, body, header: () => undefined });
  };
  return connectKubernetes({ credential, arm: () => Promise.resolve(arm) })(clusterId);
}

/** What comes of asking a server that answers like this, and what it heard. */
export async function asking<T>(answer: Answering, ask: (api: KubeApi) => Promise<T>) {
  await using server = await anApiServer(answer);
  const outcome = await ask(await apiOf([server.kubeconfig()])).then(
    (value) => ({ value, error: undefined }),
    (error: unknown) => ({ value: undefined, error }),
  );
  return { ...outcome, heard: [...server.heard] };
}

/** Gives these tokens one after the other, each of them once. */
export function tokens(...texts: readonly string[]): TokenCredential {
  let given = 0;
  return {
    getToken: () => {
      const token = texts[Math.min(given, texts.length - 1)] ?? '';
      given += 1;
      return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
    },
  };
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** An error as an API server words it. */
export function refusal(code: number, reason: string, ...said: [string, object?]): object {
  const [message, details] = said;
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, details, code };
}

function kubeconfigFor(port: number, authority: string, login: 'entra' | 'local'): string {
  const { certificate, key } = new Authority(seeded(1), clusterId).client();
  const user =
    login === 'entra'
      ? { exec: { command: 'kubelogin', args: ['get-token'] } }
      : {
          'client-certificate-data': base64(certificate),
          'client-key-data': base64(key),
          token: 'local-token',
        };
  const server = `https://127.0.0.1:${port}`;
  // JSON is YAML. The other entries are decoys.
  return JSON.stringify({
    'current-context': 'wanted',
    clusters: [
      {
        name: 'other',
        cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': '' },
      },
      { name: 'cluster', cluster: { server, 'certificate-authority-data': base64(authority) } },
    ],
    contexts: [
      { name: 'other', context: { cluster: 'other', user: 'other' } },
      { name: 'wanted', context: { cluster: 'cluster', user: 'user' } },
    ],
    users: [
      { name: 'other', user: { token: 'other' } },
      { name: 'user', user },
    ],
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
