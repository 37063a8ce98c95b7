import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it was received. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface ReceivedLog {
  readonly body: unknown;
  readonly severity: string;
  readonly traceId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What an OTLP receiver is sent over HTTP, as JSON. */
export interface OtlpReceiver extends AsyncDisposable {
  readonly url: string;
  /** Every body, as it came. */
  readonly bodies: readonly string[];
  readonly spans: () => readonly ReceivedSpan[];
  readonly logs: () => readonly ReceivedLog[];
  /** Names of the measurements. */
  readonly metrics: () => readonly string[];
  readonly headers: () => readonly (string | undefined)[];
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The members of the OTLP messages that are looked at. Source: opentelemetry-proto, JSON encoding. */
interface Message {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly status?: { readonly code?: number };
        readonly attributes: readonly Attribute[];
      }[];
    }[];
  }[];
  readonly resourceLogs?: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly body: Attribute['value'];
        readonly severityText: string;
        readonly traceId?: string;
        readonly attributes: readonly Attribute[];
      }[];
    }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly { readonly name: string }[] }[];
  }[];
}

export async function anOtlpReceiver(): Promise<OtlpReceiver> {
  const bodies: string[] = [];
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      bodies.push(text);
      keys.push(request.headers['x-canary'] as string | undefined);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const messages = () => bodies.map((body) => JSON.parse(body) as Message);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    headers: () => keys,
    spans: () => messages().flatMap(spansIn),
    logs: () => messages().flatMap(logsIn),
    metrics: () => messages().flatMap(metricsIn),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function spansIn({ resourceSpans = [] }: Message): readonly ReceivedSpan[] {
  const spans = resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans: all }) => all);
  return spans.map(({ parentSpanId = '', status, attributes, ...span }) => ({
    ...span,
    parentSpanId,
    failed: status?.code === 2,
    attributes: plain(attributes),
  }));
}

function logsIn({ resourceLogs = [] }: Message): readonly ReceivedLog[] {
  const records = resourceLogs
    .flatMap(({ scopeLogs }) => scopeLogs)
    .flatMap((scope) => scope.logRecords);
  return records.map(({ body, severityText, traceId = '', attributes }) => ({
    body: valueOf(body),
    severity: severityText,
    traceId,
    attributes: plain(attributes),
  }));
}

function metricsIn({ resourceMetrics = [] }: Message): readonly string[] {
  const scopes = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics);
  return scopes.flatMap(({ metrics }) => metrics.map(({ name }) => name));
}

function plain(attributes: readonly Attribute[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: Attribute['value']): unknown {
  return Object.values(value)[0];
}
