import { request } from 'node:https';
import type { IncomingMessage, RequestOptions } from 'node:http';

import { textAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import type { Driven } from '../support/running';

export interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** With which credential of the kubeconfig; `token` when absent. */
  readonly as?: 'token' | 'certificate' | 'nobody';
}

export interface ClusterReply {
  readonly status: number;
  readonly type: string;
  readonly body: Json;
}

/** A cluster from inside, reached as its kubeconfig says. */
export interface ReachedCluster {
  readonly kubeconfig: string;
  readonly server: string;
  ask(method: string, path: string, options?: Ask): Promise<ClusterReply>;
  /** Lines of a watch; the test asks for as many as it expects. */
  watch(path: string): Promise<Watch>;
}

export interface Watch {
  next(): Promise<Json>;
  close(): void;
}

export async function kubeconfigOf(
  azure: Driven,
  id: string,
  account: 'User' | 'Admin' = 'User',
): Promise<string> {
  const path = `${id}/listCluster${account}Credential?api-version=2026-06-01`;
  const { body } = await azure.arm('POST', path);
  const [first] = (body as unknown as { kubeconfigs: Json[] }).kubeconfigs;
  return decoded(textAt(first, 'value') ?? '');
}

export async function reach(azure: Driven, id: string): Promise<ReachedCluster> {
  const kubeconfig = await kubeconfigOf(azure, id);
  const server = field(kubeconfig, 'server');
  const send = (method: string, path: string, options: Ask = {}) =>
    open(`${server}${path}`, { method, ...credentials(kubeconfig, options) }, options.body);
  return {
    kubeconfig,
    server,
    ask: async (method, path, options) => {
      const response = await send(method, path, options);
      const type = response.headers['content-type'] ?? '';
      const text = Buffer.concat(await response.toArray()).toString();
      const body = type.startsWith('application/json') ? (JSON.parse(text) as Json) : text;
      return { status: response.statusCode ?? 0, type, body };
    },
    watch: async (path) => watchOf(await send('GET', path)),
  };
}

export function field(kubeconfig: string, name: string): string {
  return new RegExp(`^ +(?:- )?${name}: (.+)$`, 'm').exec(kubeconfig)?.[1] ?? '';
}

function credentials(kubeconfig: string, { as = 'token', headers }: Ask): RequestOptions {
  const certificate = as === 'certificate' && {
    cert: decoded(field(kubeconfig, 'client-certificate-data')),
    key: decoded(field(kubeconfig, 'client-key-data')),
  };
  const token = as === 'token' && { authorization: `Bearer ${field(kubeconfig, 'token')}` };
  return {
    ...({ ca: decoded(field(kubeconfig, 'certificate-authority-data')), ...certificate } as object),
    agent: false,
    headers: { ...token, ...headers },
  };
}

function open(url: string, options: RequestOptions, body: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
    const content = body === undefined ? '' : text;
    const sent = request(url, options, resolve);
    sent.on('error', reject);
    sent.setHeader('content-length', Buffer.byteLength(content));
    sent.end(content);
  });
}

function watchOf(response: IncomingMessage): Watch {
  const lines = linesOf(response);
  return {
    next: async () => {
      const line = await lines.next();
      return JSON.parse(line.done === true ? 'null' : line.value) as Json;
    },
    close: () => {
      response.destroy();
    },
  };
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of response) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
