import type { Hub, HttpAnswer, Outcome, StartOptions } from '../scenarios/scenario';
import type { ServedApp } from './served-app';
import { until } from './until';

interface StatusAnswer {
  readonly runtimeStatus: string;
  readonly output: unknown;
  readonly customStatus: unknown;
  readonly historyEvents?: readonly HistoryEntry[];
}

interface HistoryEntry {
  readonly EventType: string;
  readonly Name?: string;
  readonly FunctionName?: string;
  readonly OrchestrationStatus?: string;
  readonly Reason?: string;
}

const ends = ['Completed', 'Failed', 'Terminated'];
/** How long an instance must stand still to count as stuck */
const stillMs = 2500;
const continuation = 'x-ms-continuation-token';
/** A token that never ends would keep a scenario busy for ever. */
const mostPages = 50;

/** A task hub over the Durable HTTP API of whoever serves the app. */
export class HttpHub implements Hub {
  readonly prefix: string;
  readonly calledUrl: string;
  readonly #app: ServedApp;
  readonly #patienceMs: number | undefined;
  #started = 0;

  /** `patienceMs`: how long to wait for an instance, if not as long as usual */
  constructor(
    app: ServedApp,
    prefix: string,
    options: { readonly calledUrl?: string; readonly patienceMs?: number } = {},
  ) {
    this.#app = app;
    this.prefix = prefix;
    this.calledUrl = options.calledUrl ?? '';
    this.#patienceMs = options.patienceMs;
  }

  async start(name: string, { input, id, version }: StartOptions = {}): Promise<string> {
    this.#started += 1;
    const instance = id ?? `${this.prefix}-${this.#started}`;
    const query = version === undefined ? '' : `?version=${version}`;
    const answer = await this.call('POST', `orchestrators/${name}/${instance}${query}`, input);
    if (answer.status !== 202) {
      throw new Error(`${name} was not started: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return instance;
  }

  ended(id: string): Promise<Outcome> {
    return this.until(id, ({ status }) => ends.includes(status));
  }

  async run(name: string, input?: unknown, options: StartOptions = {}): Promise<Outcome> {
    return this.ended(await this.start(name, { input, ...options }));
  }

  until(id: string, reached: (outcome: Outcome) => boolean): Promise<Outcome> {
    const look = async () => {
      const outcome = await this.#look(id);
      return outcome !== undefined && reached(outcome) ? { found: outcome } : { last: outcome };
    };
    return until(`the awaited state of ${id}`, look, this.#patienceMs);
  }

  async stuck(
    id: string,
    reached: (outcome: Outcome) => boolean = ({ status }) => status !== 'Pending',
  ): Promise<Outcome> {
    let before = JSON.stringify(await this.until(id, reached));
    let since = performance.now();
    return until(`${id} to stand still`, async () => {
      const outcome = await this.#look(id);
      const now = JSON.stringify(outcome);
      if (now !== before) since = performance.now();
      before = now;
      const still = performance.now() - since > stillMs;
      return outcome !== undefined && still ? { found: outcome } : { last: outcome };
    });
  }

  async raise(id: string, event: string, data?: unknown): Promise<number> {
    return (await this.call('POST', `instances/${id}/raiseEvent/${event}`, data ?? null)).status;
  }

  async control(id: string, action: string, reason = 'because'): Promise<number> {
    return (await this.call('POST', `instances/${id}/${action}?reason=${reason}`)).status;
  }

  async signal(
    name: string,
    key: string,
    { op, input }: { op: string; input?: unknown },
  ): Promise<number> {
    return (await this.call('POST', `entities/${name}/${key}?op=${op}`, input ?? null)).status;
  }

  entity(name: string, key: string, reached: (state: unknown) => boolean): Promise<unknown> {
    return until(`the awaited state of ${name} ${key}`, async () => {
      const { status, body } = await this.call('GET', `entities/${name}/${key}`);
      const state = status === 200 ? body : undefined;
      return reached(state) ? { found: state } : { last: state };
    });
  }

  call(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
    return ask(this.#toUrl(path), method, body);
  }

  async pages(path: string): Promise<readonly (readonly unknown[])[]> {
    const pages: unknown[][] = [];
    let token = '';
    do {
      const headers = token === '' ? {} : { [continuation]: token };
      const answer = await send(this.#toUrl(path), { method: 'GET', headers });
      pages.push(answer.body as unknown[]);
      token = answer.headers.get(continuation) ?? ''; // empty on the last page of the extension
    } while (token !== '' && pages.length < mostPages);
    return pages;
  }

  request(path: string, body?: unknown): Promise<HttpAnswer> {
    const url = new URL(`${this.#app.url}/api/${path}`);
    return ask(url, body === undefined ? 'GET' : 'POST', body);
  }

  #toUrl(path: string): URL {
    const url = new URL(`${this.#app.url}/runtime/webhooks/durabletask/${path}`);
    url.searchParams.set('code', this.#app.code);
    return url;
  }

  async #look(id: string): Promise<Outcome | undefined> {
    const path = `instances/${id}?showHistory=true&showHistoryOutput=true`;
    const { status: httpStatus, body } = await this.call('GET', path);
    if (httpStatus === 404) return undefined;
    const { runtimeStatus, output, customStatus, historyEvents = [] } = body as StatusAnswer;
    const history = historyEvents.map(shortEntry);
    return { status: runtimeStatus, output, customStatus, httpStatus, history };
  }
}

function shortEntry(entry: HistoryEntry): string {
  const { EventType, FunctionName, Name, OrchestrationStatus, Reason } = entry;
  const parts = [EventType, FunctionName ?? Name, OrchestrationStatus, Reason];
  return parts.filter((part) => part).join(' ');
}

function ask(url: URL, method: string, body: unknown): Promise<HttpAnswer> {
  const headers = { 'content-type': 'application/json' };
  return send(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers }),
  });
}

async function send(url: URL, request: RequestInit): Promise<HttpAnswer> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  return { status: response.status, body: parsed(text), headers: response.headers };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
