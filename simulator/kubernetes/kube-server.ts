import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { TLSSocket } from 'node:tls';

import type { CallLog } from '../call-log';
import { readBytes } from '../read-body';
import { isStopped } from '../providers/container-service/cluster';
import type { Cluster } from '../providers/container-service/cluster';
import type { World } from '../world';
import { ApiServer } from './api-server';
import { callerOf } from './caller';
import type { KubeAnswer, KubeRequest } from './kube-request';
import { hostOf } from './kubeconfig';
import { fromProtobuf, protobufType } from './protobuf';
import { failure } from './status';
import { Authority } from './tls/authority';

const largestBody = 3 * 1024 * 1024; // what an API server takes

export interface KubeServerParts {
  readonly world: World;
  readonly calls: CallLog;
  /** Resolves when everything that was answered is on disk. */
  settled(): Promise<void>;
  failed(error: unknown): void;
}

/** The TLS server of one cluster. A stopped or deleted cluster breaks every connection. */
export function kubeServer(cluster: Cluster, parts: KubeServerParts): Server {
  const authority = new Authority(parts.world.seed, cluster.id);
  const api = new ApiServer(cluster.id, parts.world);
  const { certificate: cert, key } = authority.server([hostOf(cluster), 'kubernetes', 'localhost']);
  const ca = authority.certificate;
  const options = { cert, key, ca, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (request, response) => {
    void serve({ request, response }, { ...parts, authority, api });
  });
  server.on('connection', (socket) => {
    if (api.cluster === undefined || isStopped(api.cluster)) socket.destroy();
  });
  return server;
}

interface Served extends KubeServerParts {
  readonly authority: Authority;
  readonly api: ApiServer;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function serve({ request, response }: Exchange, served: Served): Promise<void> {
  try {
    const { api } = served;
    const { cluster } = api;
    if (cluster === undefined || isStopped(cluster)) {
      request.socket.destroy();
      return;
    }
    const user = callerOf(credentialsOf(request), cluster, served.authority);
    const body = await bodyOf(request);
    const asked = read(request, { user: user ?? '', body: body ?? '' });
    const answer = answerTo(asked, {
      api,
      known: user !== undefined,
      tooLarge: body === undefined,
    });
    note(asked, answer, served);
    await served.settled();
    send({ request, response }, answer, asked);
  } catch (error) {
    served.failed(error);
    if (!response.headersSent) {
      const failed = failure(
        500,
        'The simulated cluster failed at this request. Its log says why.',
      );
      send({ request, response }, failed, read(request, { user: '', body: '' }));
    }
  }
}

/** The body as text; what came as protobuf and can be read is JSON from here on. Undefined when it is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const bytes = await readBytes(request, largestBody);
  if (bytes === undefined || request.headers['content-type'] !== protobufType) {
    return bytes?.toString('utf8');
  }
  const object = fromProtobuf(bytes);
  if (object === undefined) return bytes.toString('utf8');
  request.headers['content-type'] = 'application/json';
  return JSON.stringify(object);
}

function answerTo(
  request: KubeRequest,
  { api, known, tooLarge }: { api: ApiServer; known: boolean; tooLarge: boolean },
): KubeAnswer {
  if (!known) return failure(401, 'Unauthorized');
  if (tooLarge) return failure(413, 'the request is too large; the limit is 3145728');
  return api.handle(request);
}

function credentialsOf(request: IncomingMessage) {
  const { socket } = request;
  const proved = socket instanceof TLSSocket && socket.authorized;
  const name: unknown = proved ? socket.getPeerCertificate().subject.CN : undefined;
  const certificateName = typeof name === 'string' ? name : undefined;
  return { certificateName, authorization: request.headers.authorization };
}

function read(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  { user, body }: { user: string; body: string },
): KubeRequest {
  const [path = '/', search = ''] = url.split('?');
  const single = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return {
    method,
    path: path.length > 1 ? path.replace(/\/+$/, '') : path,
    query: new URLSearchParams(search),
    headers: Object.fromEntries(single),
    body,
    user,
  };
}

function note(
  { method, path, user: principal }: KubeRequest,
  { status }: KubeAnswer,
  { calls, world, api }: Served,
): void {
  const operation = `kubernetes/${method.toLowerCase()}`;
  const place = `${api.cluster?.id ?? ''}${path}`;
  const provider = 'Kubernetes';
  const time = world.clock.now();
  calls.add({ time, principal, provider, operation, method, path: place, status });
}

function send({ request, response }: Exchange, answer: KubeAnswer, { query }: KubeRequest): void {
  if (response.destroyed) return;
  const { status, body, text = JSON.stringify(body ?? {}), watch } = answer;
  const headers = {
    'content-type': answer.contentType ?? 'application/json',
    'cache-control': 'no-cache, private',
  };
  if (watch === undefined) {
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
    response.end(text);
    return;
  }
  response.writeHead(status, headers);
  response.flushHeaders();
  const stop = watch((event) => {
    response.write(`${JSON.stringify(event)}\n`);
    if (event.type === 'ERROR') response.end();
  });
  const seconds = Number(query.get('timeoutSeconds') ?? 1800);
  const end = setTimeout(() => response.end(), seconds * 1000).unref();
  response.on('close', () => {
    clearTimeout(end);
    stop();
  });
  request.socket.setTimeout(0);
}
