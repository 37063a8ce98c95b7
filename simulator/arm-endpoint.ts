import { refusedVersion } from './api-versions';
import { normalizePath } from './arm-id';
import { targetHash } from './call-log';
import type { CallLog } from './call-log';
import type { SigningKey } from './entra/signing-key';
import { courseOf, insteadOf } from './faults/answer';
import type { Faults } from './faults/faults';
import type { FaultRule } from './faults/rule';
import { refusal } from './guards';
import { locationOf } from './location';
import { armError } from './provider';
import type { ArmRequest, ArmResponse } from './provider';
import { parseBody } from './request-body';
import { authorized } from './rights/authorize';
import { callerFrom, foreignSubscription } from './rights/caller';
import { noteForEvents } from './resource-events';
import { operationName } from './router';
import type { Match, Router } from './router';
import { Throttle } from './throttling/throttle';
import { unknownType } from './unknown-type';
import type { RawAnswer, RawRequest } from './wire';
import type { World } from './world';

export interface ArmEndpointParts {
  readonly world: World;
  readonly key: SigningKey;
  readonly router: Router;
  readonly faults: Faults;
  readonly calls: CallLog;
}

const publicOrigin = 'https://management.azure.com';

/** Azure Resource Manager: takes one request to its answer and notes it in the call log. */
export class ArmEndpoint {
  private readonly parts: ArmEndpointParts;
  private readonly throttle: Throttle;

  constructor(parts: ArmEndpointParts) {
    this.parts = parts;
    this.throttle = new Throttle(parts.world.clock);
  }

  handle(raw: RawRequest): RawAnswer {
    const { world } = this.parts;
    world.clock.catchUp();
    const principal = callerFrom(raw.headers['authorization'], this.parts);
    if (typeof principal !== 'string') return this.early(raw, principal);
    const read = readRequest(raw, principal);
    if ('status' in read) return this.early(raw, read);
    const foreign = foreignSubscription(read.id, this.parts);
    return foreign ? this.early(raw, foreign) : this.answer(read);
  }

  /** What is refused before anybody knows what it is about has the headers of every answer, too. */
  private early(raw: RawRequest, answer: ArmResponse): RawAnswer {
    return { ...answer, headers: { ...this.standardHeaders(raw), ...answer.headers } };
  }

  private answer(request: ArmRequest): RawAnswer {
    const { router, faults, world } = this.parts;
    const { method, id } = request;
    const found = router.find(method, id);
    const match = found.kind === 'route' ? found.match : undefined;
    const provider = match?.provider.namespace ?? 'Microsoft.Resources';
    const operation = operationName(method, id);
    const { headers: quota, refused } = this.throttle.take(
      { method, id, provider, operation, principal: request.principal },
      world.behaviour.throttling,
    );
    const location = locationOf(id, world, request.body);
    const subject = {
      method,
      path: id,
      operation,
      provider,
      location,
      principal: request.principal,
    };
    const fault = refused ? undefined : faults.meet(subject);
    const response =
      refused ??
      (fault && insteadOf(fault, provider)) ??
      (match ? run(request, match, { world, fault }) : unknownRoute(found, request));
    this.note(request, { response, provider, operation });
    const headers = { ...this.standardHeaders(request), ...quota, ...response.headers };
    return { ...response, headers, reset: fault?.reset !== undefined };
  }

  private note(
    request: ArmRequest,
    {
      response,
      provider,
      operation,
    }: { response: ArmResponse; provider: string; operation: string },
  ): void {
    const { calls, world } = this.parts;
    const { principal, method, id: path } = request;
    calls.add({
      time: world.clock.now(),
      principal,
      provider,
      operation,
      method,
      path,
      status: response.status,
      ...(isWrite({ provider, method, operation }) && {
        target: targetHash(response.target ?? request.body),
      }),
    });
  }

  private standardHeaders({
    headers,
  }: Pick<ArmRequest, 'headers'>): Readonly<Record<string, string>> {
    const { world } = this.parts;
    const requestId = world.seed.guid('request', world.clock.now(), this.answered++);
    return {
      'x-ms-request-id': requestId,
      'x-ms-correlation-request-id': headers['x-ms-correlation-request-id'] ?? requestId,
      'x-ms-routing-request-id': `SIMULATED:${requestId}`,
      'cache-control': 'no-cache',
    };
  }

  private answered = 0;
}

/** An answer that does not say where its operation can be followed. */
function withoutLinks({ headers = {}, ...answer }: ArmResponse): ArmResponse {
  const others = Object.entries(headers).filter(
    ([name]) => !['azure-asyncoperation', 'location', 'retry-after'].includes(name),
  );
  return { ...answer, headers: Object.fromEntries(others) };
}

function run(
  request: ArmRequest,
  { provider, run: route, params }: Match,
  { world, fault }: { world: World; fault: FaultRule | undefined },
): ArmResponse {
  const version = request.query.get('api-version') ?? '';
  const unsupported = refusedVersion(version, provider, world.behaviour.cloud);
  if (unsupported) return unsupported;
  return authorized(request, world, () => {
    const { method, id, body } = request;
    const refused = refusal({ method, id, namespace: provider.namespace, body }, world);
    if (refused) return refused;
    const answer = route({ ...request, params, operationFault: fault && courseOf(fault) }, world);
    if (changes(provider.namespace, method)) noteForEvents(world, request, answer);
    return fault?.operation?.withoutHeaders ? withoutLinks(answer) : answer;
  });
}

function unknownRoute(
  found: ReturnType<Router['find']>,
  { method, id, query }: ArmRequest,
): ArmResponse {
  if (found.kind === 'method-not-allowed') {
    return armError(405, 'MethodNotAllowed', `The resource does not support method ${method}.`);
  }
  const namespace = found.kind === 'nothing' ? found.namespace : undefined;
  const [, type = ''] = /\/providers\/[^/]+\/([^/]+)/i.exec(id) ?? [];
  return unknownType(namespace ?? '', type, query.get('api-version') ?? '');
}

/** Providers whose POST requests read. */
const readers = ['Microsoft.ResourceGraph', 'Microsoft.PolicyInsights'];

interface Asked {
  readonly provider: string;
  readonly method: string;
  readonly operation: string;
}

function changes(provider: string, method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && !readers.includes(provider);
}

/** Some things are asked for by POST. */
function isWrite({ provider, method, operation }: Asked): boolean {
  return changes(provider, method) && !/\/list\w+\/action$/i.test(operation);
}

function readRequest(raw: RawRequest, principal: string): ArmRequest | ArmResponse {
  const { method, url, headers } = raw;
  const [path, search] = splitOnce(url.replace(/^https?:\/\/[^/]*/i, ''), '?');
  const query = queryOf(search);
  if (!query.has('api-version')) {
    return armError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  try {
    const body = parseBody(raw.body);
    const id = normalizePath(path);
    const origin = forwardedOrigin(headers['x-forwarded-host']);
    return { method, id, origin, params: {}, query, headers, body, principal };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return armError(
      400,
      'InvalidRequestContent',
      `The request content was invalid and could not be deserialized: '${reason}'.`,
    );
  }
}

function forwardedOrigin(host: string | undefined): string {
  return host === undefined ? publicOrigin : `https://${host}`;
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

/** Names of query parameters count without regard to case; `api-version` is the one that callers write differently. */
function queryOf(search: string): URLSearchParams {
  const query = new URLSearchParams(search);
  const name = [...query.keys()].find((key) => key.toLowerCase() === 'api-version');
  if (name !== undefined) query.set('api-version', query.get(name) ?? '');
  return query;
}
