import { normalizePath } from './arm-id';
import { targetHash } from './call-log';
import type { CallLog } from './call-log';
import { faultAnswer } from './faults';
import type { FaultRule, Faults } from './faults';
import { refusal } from './guards';
import type { Json } from './json';
import { armError } from './provider';
import type { ArmRequest, ArmResponse } from './provider';
import { noteForEvents } from './resource-events';
import { operationName } from './router';
import type { Match, Router } from './router';
import { principalFrom } from './token';
import type { RawAnswer, RawRequest } from './wire';
import type { World } from './world';

export interface ArmEndpointParts {
  readonly world: World;
  readonly router: Router;
  readonly faults: Faults;
  readonly calls: CallLog;
}

const publicOrigin = 'https://management.azure.com';

/** Azure Resource Manager: takes one request to its answer and notes it in the call log. */
export class ArmEndpoint {
  private readonly parts: ArmEndpointParts;

  constructor(parts: ArmEndpointParts) {
    this.parts = parts;
  }

  handle(raw: RawRequest): RawAnswer {
    const { world } = this.parts;
    world.clock.catchUp();
    const principal = principalFrom(raw.headers['authorization']);
    if (typeof principal !== 'string') return principal;
    const read = readRequest(raw, principal);
    if ('status' in read) return read;
    return this.answer(read);
  }

  private answer(request: ArmRequest): RawAnswer {
    const { router, faults, world } = this.parts;
    const { method, id } = request;
    const found = router.find(method, id);
    const match = found.kind === 'route' ? found.match : undefined;
    const provider = match?.provider.namespace ?? 'Microsoft.Resources';
    const operation = operationName(method, id);
    const fault = faults.meet({ method, path: id, operation, provider });
    const response =
      (fault && insteadOf(fault)) ??
      (match ? run(request, match, { world, fault }) : unknownRoute(found, request));
    this.note(request, { response, provider, operation });
    const headers = { ...this.standardHeaders(request), ...response.headers };
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
      ...(isWrite(provider, method) && { target: targetHash(response.target ?? request.body) }),
    });
  }

  private standardHeaders({ method, headers }: ArmRequest): Readonly<Record<string, string>> {
    const { world } = this.parts;
    const requestId = world.seed.guid('request', world.clock.now(), this.answered++);
    const kinds: Readonly<Record<string, string>> = { GET: 'reads', DELETE: 'deletes' };
    return {
      'x-ms-request-id': requestId,
      'x-ms-correlation-request-id': headers['x-ms-correlation-request-id'] ?? requestId,
      'x-ms-routing-request-id': `SIMULATED:${requestId}`,
      [`x-ms-ratelimit-remaining-subscription-${kinds[method] ?? 'writes'}`]: '199',
      'cache-control': 'no-cache',
    };
  }

  private answered = 0;
}

/** What a fault rule puts in the place of the request; undefined when the request is carried out. */
function insteadOf(fault: FaultRule): ArmResponse | undefined {
  return fault.reset === 'before' ? { status: 499 } : faultAnswer(fault);
}

function run(
  request: ArmRequest,
  { provider, run: route, params }: Match,
  { world, fault }: { world: World; fault: FaultRule | undefined },
): ArmResponse {
  const version = request.query.get('api-version') ?? '';
  const unsupported = unsupportedVersion(version, provider.apiVersions);
  if (unsupported) return unsupported;
  const { method, id } = request;
  const refused = refusal({ method, id, namespace: provider.namespace }, world);
  if (refused) return refused;
  const operationFault = fault?.operation && {
    ...(fault.operation.error && { error: fault.operation.error }),
    ...(fault.operation.minutes !== undefined && { minutes: fault.operation.minutes }),
  };
  const response = route({ ...request, params, operationFault }, world);
  if (isWrite(provider.namespace, method)) noteForEvents(world, request, response);
  return response;
}

function unsupportedVersion(
  version: string,
  offered: readonly string[] | undefined,
): ArmResponse | undefined {
  const isVersion = /^\d{4}-\d{2}-\d{2}(-[a-z]+)?$/.test(version);
  if (isVersion && (offered === undefined || offered.includes(version))) return undefined;
  const known = (offered ?? []).join(', ');
  return armError(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for API version '${version}'. The supported api-versions are '${known}'.`,
  );
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
  return armError(
    404,
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the namespace '${namespace ?? ''}' for api version '${query.get('api-version') ?? ''}'.`,
  );
}

/** Providers whose POST requests read. */
const readers = ['Microsoft.ResourceGraph', 'Microsoft.PolicyInsights'];

function isWrite(provider: string, method: string): boolean {
  return method !== 'GET' && !readers.includes(provider);
}

function readRequest(raw: RawRequest, principal: string): ArmRequest | ArmResponse {
  const { method, url, headers } = raw;
  const [path, search] = splitOnce(url, '?');
  const query = new URLSearchParams(search);
  if (!query.has('api-version')) {
    return armError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    );
  }
  try {
    const body = raw.body === '' ? undefined : (JSON.parse(raw.body) as Json);
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
