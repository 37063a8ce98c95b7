import type { CallLog } from '../call-log';
import type { EntraParts } from '../entra/parts';
import { insteadOf } from '../faults/answer';
import type { Faults } from '../faults/faults';
import type { ArmResponse } from '../provider';
import { parseBody } from '../request-body';
import type { RawAnswer, RawRequest } from '../wire';
import { answerOne } from './answer-one';
import { batchAnswer, partsIn } from './batch';
import { Directory } from './directory';
import { graphCaller } from './graph-caller';
import { badRequest, requestDenied, withInnerError } from './graph-error';
import { segmentsOf } from './graph-path';
import type { GraphRequest } from './graph-request';

export interface GraphEndpointParts extends EntraParts {
  readonly faults: Faults;
  readonly calls: CallLog;
}

const provider = 'Microsoft.Graph';
const version = /^(?:https?:\/\/[^/]+)?\/+v1\.0(?=[/?]|$)/i;

/** Whether a request is for Microsoft Graph: no path of Resource Manager begins with a version. */
export function isForGraph({ url }: RawRequest): boolean {
  return version.test(url);
}

/** Microsoft Graph, as far as it tells who an identity is: read only. Each part of a batch counts as a call, too. */
export class GraphEndpoint {
  private readonly parts: GraphEndpointParts;
  private readonly directory: Directory;
  private answered = 0;

  constructor(parts: GraphEndpointParts) {
    this.parts = parts;
    this.directory = new Directory(parts.world);
  }

  handle(raw: RawRequest): RawAnswer {
    this.parts.world.clock.catchUp();
    const principal = graphCaller(raw.headers['authorization'], this.parts);
    if (typeof principal !== 'string') return this.completed(principal, raw);
    const request = readRequest(raw, principal);
    if ('status' in request) return this.completed(request, raw);
    const isBatch = segmentsOf(request.path)?.join('/').toLowerCase() === '$batch';
    return this.perform(request, () => (isBatch ? this.batch(request) : this.one(request)));
  }

  /** Carries a request out unless a fault rule wants something else, and notes it. */
  private perform(request: GraphRequest, run: () => RawAnswer): RawAnswer {
    const { world, faults, calls } = this.parts;
    const { method, principal } = request;
    const path = `/v1.0${decodedPath(request.path)}`;
    const operation = operationOf(method, request.path);
    const fault = faults.meet({ method, path, operation, provider, location: '', principal });
    const answer: RawAnswer = (fault && withoutCode(insteadOf(fault, provider))) ?? run();
    const { status } = answer;
    calls.add({ time: world.clock.now(), principal, provider, operation, method, path, status });
    const reset = answer.reset === true || fault?.reset !== undefined;
    return { ...this.completed(answer, request), reset };
  }

  private one(request: GraphRequest): ArmResponse {
    const { read } = this.parts.world.behaviour.directory;
    return read === 'denied' ? requestDenied() : answerOne(request, this.directory);
  }

  /** The parts fail each for itself; a connection that breaks in one of them breaks for all. */
  private batch(request: GraphRequest): RawAnswer {
    if (request.method !== 'POST') return badRequest('A batch is sent with POST.');
    const parts = partsIn(request);
    if ('status' in parts) return parts;
    const answers = parts.map(({ id, request: part }) => ({
      id,
      answer: this.perform(part, () => this.one(part)),
    }));
    return { ...batchAnswer(answers), reset: answers.some(({ answer }) => answer.reset === true) };
  }

  private completed(answer: ArmResponse, { headers }: Pick<RawRequest, 'headers'>): ArmResponse {
    const { world } = this.parts;
    const time = world.clock.now();
    const requestId = world.seed.guid('graph request', time, this.answered++);
    const clientRequestId = headers['client-request-id'] ?? requestId;
    const ids = { 'request-id': requestId, 'client-request-id': clientRequestId };
    return {
      ...withInnerError(answer, { time, requestId, clientRequestId }),
      headers: { ...ids, 'odata-version': '4.0', 'cache-control': 'no-cache', ...answer.headers },
    };
  }
}

/** Errors of Graph have no code among their headers. */
function withoutCode(answer: ArmResponse | undefined): ArmResponse | undefined {
  if (answer === undefined) return undefined;
  const headers = Object.entries(answer.headers ?? {}).filter(
    ([name]) => name !== 'x-ms-error-code',
  );
  return { ...answer, headers: Object.fromEntries(headers) };
}

/** `Microsoft.Graph/servicePrincipals/read`, `Microsoft.Graph/servicePrincipals/getMemberGroups/action`. */
function operationOf(method: string, path: string): string {
  const [first = '', ...rest] = segmentsOf(path) ?? [];
  const [set = ''] = first.replace(/^\$/, '').split('(');
  const action = first.includes('(') ? rest[0] : rest[1];
  const names = [provider, set, ...(action === undefined ? [] : [action])].join('/');
  const verbs: Readonly<Record<string, string>> = {
    ...{ GET: 'read', HEAD: 'read', POST: 'action', DELETE: 'delete' },
  };
  return `${names}/${verbs[method] ?? 'write'}`;
}

function decodedPath(path: string): string {
  const segments = segmentsOf(path);
  return segments ? `/${segments.join('/')}` : path;
}

function readRequest(raw: RawRequest, principal: string): GraphRequest | ArmResponse {
  const { method, headers } = raw;
  const below = raw.url.replace(version, '');
  const [path = '', search = ''] = below.split('?', 2);
  const query = new URLSearchParams(search);
  try {
    return { method, path, query, body: parseBody(raw.body), headers, principal };
  } catch {
    return badRequest(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}
