import { Agent } from 'node:https';

import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createEmptyPipeline,
  createPipelineRequest,
  isRestError,
} from '@azure/core-rest-pipeline';
import type { Pipeline, PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';

import { FailureError, TransientError } from '../../domain/outcome';
import { correlationPolicy } from '../correlation';
import type { Kubeconfig, LocalLogin } from './kubeconfig';
import { readWithin } from './read-within';
import { AnswerTooLarge, contentTypes } from './transport';
import type { KubeAnswer, KubeRequest, KubeTransport } from './transport';

/** Entra application of AKS API servers, the same for all clusters. Source: AKS, "Entra ID authorization". */
export const serverScope = '6dae42f8-4368-4678-94ff-3960e28e3630/.default';

const deadlineMs = 60_000;
const idleMs = 30_000;
const largestAnswer = 32 * 1024 * 1024;

export interface DirectOptions {
  readonly kubeconfig: Kubeconfig;
  readonly credential: TokenCredential;
  /** ARM id of the cluster, for messages. */
  readonly target: string;
}

export interface DirectTransport extends KubeTransport {
  close(): void;
}

/**
 * Speaks TLS with the API server itself, and trusts nobody but the authority in the kubeconfig. Connections are kept
 * for half a minute; no proxy is used. What goes over them is logged nowhere.
 */
export function directTransport(options: DirectOptions): DirectTransport {
  const { kubeconfig, target } = options;
  const { login, server, authority, serverName } = kubeconfig;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 4,
    timeout: idleMs,
    ca: authority,
    ...(login !== 'entra' && { cert: login.certificate, key: login.key }),
    ...(serverName !== undefined && { servername: serverName }),
  });
  const pipeline = pipelineFor(options);
  const http = createDefaultHttpClient();
  return {
    access: { identity: login === 'entra' ? 'steward' : 'localAccount', way: 'direct' },
    send: async (asked) => {
      try {
        const response = await pipeline.sendRequest(http, requestTo(server, asked, agent));
        const text = await readWithin(response.readableStreamBody, largestAnswer);
        return { status: response.status, text } satisfies KubeAnswer;
      } catch (error) {
        throw unanswered(error, target);
      }
    },
    close: () => {
      agent.destroy();
    },
  };
}

function requestTo(
  server: string,
  { method, path, body, contentType }: KubeRequest,
  agent: Agent,
): PipelineRequest {
  const request = createPipelineRequest({
    url: `${server}${path}`,
    method,
    abortSignal: AbortSignal.timeout(deadlineMs),
    streamResponseStatusCodes: new Set([Number.POSITIVE_INFINITY]),
  });
  request.agent = agent;
  request.headers.set('accept', 'application/json, */*;q=0.1');
  request.headers.set('accept-encoding', 'gzip');
  request.headers.set('user-agent', 'aks-identity-steward/0.1');
  if (body !== undefined) {
    request.headers.set('content-type', contentType ?? contentTypes.json);
    request.body = JSON.stringify(body);
  }
  return request;
}

/** A pipeline of its own: the usual one would send requests through the proxy of the environment, and log them. */
function pipelineFor({ kubeconfig: { login }, credential }: DirectOptions): Pipeline {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(correlationPolicy);
  pipeline.addPolicy(auditPolicy);
  pipeline.addPolicy(
    login === 'entra'
      ? bearerTokenAuthenticationPolicy({ credential, scopes: serverScope })
      : localTokenPolicy(login),
  );
  return pipeline;
}

/** API servers take over the id of a request into their audit log. Source: `audit.k8s.io`, header `Audit-ID`. */
const auditPolicy: PipelinePolicy = {
  name: 'stewardAuditPolicy',
  sendRequest: (request, next) => {
    const id = request.headers.get('x-ms-correlation-request-id');
    if (id !== undefined) request.headers.set('audit-id', id);
    return next(request);
  },
};

function localTokenPolicy({ token }: LocalLogin): PipelinePolicy {
  return {
    name: 'stewardLocalTokenPolicy',
    sendRequest: (request, next) => {
      if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
      return next(request);
    },
  };
}

/** What OpenSSL and Node say of a server that cannot prove who it is. Source: Node, "TLS", X509 certificate error codes. */
const unproven =
  /^(?!ERR_SSL).*(CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH|CRL)/;

/** The API server cannot prove that it is the one the kubeconfig speaks of. */
export class UnprovenServer extends FailureError {}

/** Nobody answers at the address: nothing was asked of anybody. */
export class Unreachable extends TransientError {}

function unanswered(error: unknown, target: string): unknown {
  if (error instanceof AnswerTooLarge || error instanceof TransientError) return error;
  const code = isRestError(error) ? (error.code ?? '') : codeOf(error);
  const name = target.slice(target.lastIndexOf('/') + 1);
  if (unproven.test(code)) {
    return new UnprovenServer({
      code: 'NotVerified',
      message: `The API server of ${name} does not prove who it is: ${code}.`,
      next: 'Find out who answers at the address of the cluster. Steward sent no token there.',
      target,
    });
  }
  const text = `the API server of ${name} does not answer: ${code === '' ? messageOf(error) : code}`;
  const neverThere = ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH'].includes(code);
  return neverThere ? new Unreachable(text) : new TransientError(text);
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.name : 'no reason given';
}
