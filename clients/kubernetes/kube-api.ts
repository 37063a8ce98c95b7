import { FailureError, TransientError } from '../../domain/outcome';
import { kubeError } from './kube-errors';
import { ListExpired, listAll } from './list';
import type { ListOptions } from './list';
import { requirePermitted, withQuery } from './paths';
import { contentTypes } from './transport';
import type { KubeAccess, KubeAnswer, KubeObject, KubeRequest, KubeTransport } from './transport';

/** Under which Steward owns fields of objects. */
export const fieldManager = 'aks-identity-steward';

export interface WriteOptions {
  /** The API server does everything but keep the result. */
  readonly dryRun?: boolean;
}

export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

/**
 * One cluster's API server. Paths begin at its root and may have a query. Secrets are out of reach, whatever the rights.
 *
 * @throws KubeRefusal for what is decided, with its reason; TransientError for what is worth repeating.
 */
export interface KubeApi {
  readonly access: KubeAccess;
  /** Nothing when it does not exist. */
  get(path: string): Promise<KubeObject | undefined>;
  /** All objects, `apiVersion` and `kind` included; nothing when the cluster knows no such resource. */
  list(path: string, options?: ListOptions): Promise<readonly KubeObject[] | undefined>;
  /** @param path of the collection. */
  create(path: string, body: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /**
   * Server-side apply: makes the object when it is not there.
   *
   * @param options with `force`, fields are taken from their managers; else that is a `FieldManagerConflict`.
   */
  apply(
    path: string,
    body: KubeObject,
    options?: WriteOptions & { readonly force?: boolean },
  ): Promise<KubeObject>;
  /** A `test` that does not hold is `ChangedMeanwhile`. */
  jsonPatch(
    path: string,
    operations: readonly JsonPatchOperation[],
    options?: WriteOptions,
  ): Promise<KubeObject>;
  mergePatch(path: string, body: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  /**
   * Deletes the object of that uid, and no other of its name; one that is gone is a success.
   *
   * @param options `graceSeconds`: what a pod gets to end.
   */
  remove(
    path: string,
    options: WriteOptions & { readonly uid: string; readonly graceSeconds?: number },
  ): Promise<void>;
  /** Logs and metrics. @throws AnswerTooLarge: ask for fewer lines. */
  text(path: string): Promise<string>;
  /** A service account's token, for the audiences only. It is not logged and must not be. */
  createToken(account: TokenSubject): Promise<string>;
}

export interface TokenSubject {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audiences: readonly string[];
  /** At least 600. */
  readonly seconds: number;
}

/** @param target ARM id of the cluster, for messages. */
export function kubeApi(transport: KubeTransport, target: string): KubeApi {
  const ask = asking(transport, target);
  const json = async (request: KubeRequest): Promise<KubeObject> => parse(await ask(request));
  const patch = (kind: keyof typeof contentTypes) => (path: string, body: unknown) =>
    json({ method: 'PATCH', path, body, contentType: contentTypes[kind] });
  const [apply, jsonPatch, mergePatch] = [patch('apply'), patch('jsonPatch'), patch('mergePatch')];
  const pageOf = async (path: string) => {
    const answer = await ask({ method: 'GET', path }, [404, 410]);
    if (answer.status === 410) throw new ListExpired(path);
    return answer.status === 404 ? undefined : parse(answer);
  };
  return {
    access: transport.access,
    get: async (path) => {
      const answer = await ask({ method: 'GET', path }, [404]);
      return answer.status === 404 ? undefined : parse(answer);
    },
    list: (path, options = {}) => listAll(pageOf, path, options),
    create: (path, body, options) =>
      json({ method: 'POST', path: withQuery(path, writing(options)), body }),
    apply: (path, body, options) =>
      apply(withQuery(path, { ...writing(options), force: String(options?.force ?? false) }), body),
    jsonPatch: (path, operations, options) =>
      jsonPatch(withQuery(path, writing(options)), operations),
    mergePatch: (path, body, options) => mergePatch(withQuery(path, writing(options)), body),
    remove: async (path, options) => {
      await ask({ method: 'DELETE', path, body: deletion(options) }, [404]);
    },
    text: async (path) => (await ask({ method: 'GET', path })).text,
    createToken: async (account) => tokenIn(await json(tokenRequest(account)), target),
  };
}

/** @returns asks once; `expected` answers are not errors. */
function asking(transport: KubeTransport, target: string) {
  return async (request: KubeRequest, expected: readonly number[] = []): Promise<KubeAnswer> => {
    requirePermitted(request.path);
    const answer = await transport.send(request);
    const { status, text } = answer;
    if (status < 400 || expected.includes(status)) return answer;
    throw kubeError({
      status,
      text,
      target,
      request: `${request.method} ${request.path.split('?')[0] ?? ''}`,
      isJsonPatch: request.contentType === contentTypes.jsonPatch,
    });
  };
}

function parse({ text }: KubeAnswer): KubeObject {
  try {
    return JSON.parse(text) as KubeObject;
  } catch {
    throw new TransientError('an API server answered with something that is no JSON');
  }
}

function writing({ dryRun = false }: WriteOptions = {}) {
  return { fieldManager, ...(dryRun && { dryRun: 'All' }) };
}

function deletion({
  uid,
  graceSeconds,
  dryRun = false,
}: WriteOptions & { readonly uid: string; readonly graceSeconds?: number }): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid },
    propagationPolicy: 'Background',
    ...(graceSeconds !== undefined && { gracePeriodSeconds: graceSeconds }),
    ...(dryRun && { dryRun: ['All'] }),
  };
}

function tokenRequest({
  namespace,
  serviceAccount,
  audiences,
  seconds,
}: TokenSubject): KubeRequest {
  return {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { audiences, expirationSeconds: seconds },
    },
  };
}

function tokenIn({ status }: KubeObject, target: string): string {
  const { token } = (status ?? {}) as { readonly token?: unknown };
  if (typeof token === 'string' && token !== '') return token;
  throw new FailureError({
    code: 'NotVerified',
    message: 'The API server answered a request for a token without one.',
    next: 'Look at the API server: it does not do what it says.',
    target,
  });
}
