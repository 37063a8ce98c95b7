import { SpanStatusCode, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import { correlationOf, spanIdOf, traceIdOf } from '../../domain/correlation';
import { onClusterEvent } from '../../functions/cluster-events';
import { armId } from '../support/clusters';
import { aContext } from '../support/http';
import { aBackend } from '../support/services';
import type { Backend } from '../support/services';

const exporter = new InMemorySpanExporter();

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }));
});
afterEach(() => {
  exporter.reset();
});

const rolled = {
  id: 'e1',
  topic: armId,
  subject: 'aks-orders',
  eventType: 'Microsoft.ContainerService.NodePoolRollingSucceeded',
  eventTime: '2026-11-24T09:00:00Z',
  data: { nodePoolName: 'apps' },
  dataVersion: '1',
  metadataVersion: '1',
};

function deliver({ engine, services }: Backend): Promise<void> {
  return onClusterEvent(rolled, engine.client, { services, context: aContext().context });
}

describe('the span of a receipt', () => {
  it('begins the trace once, however many receipts there are at the same moment', async () => {
    const backend = aBackend();

    await Promise.all([1, 2, 3, 4, 5].map(() => deliver(backend)));

    const instanceId = backend.engine.started[0]?.instanceId ?? '';
    const spans = exporter.getFinishedSpans();
    const repeated = spans.filter(
      ({ attributes }) => attributes['steward.event.duplicate'] === true,
    );
    const cause = {
      traceId: traceIdOf(correlationOf(instanceId).id),
      spanId: correlationOf(instanceId).causeSpanId,
    };
    expect(spans.map(({ name }) => name)).toEqual(
      Array.from({ length: 5 }, () => 'steward.event.ingest'),
    );
    expect(repeated).toHaveLength(4);
    for (const span of repeated) expect(span.parentSpanContext).toMatchObject(cause);
    expect(cause.spanId).toBe(spanIdOf(instanceId.replace('evaluate-', '')));
  });

  it('says why a receipt could not be taken, so that it is delivered again', async () => {
    const backend = aBackend();
    const { client } = backend.engine;
    jest
      .spyOn(client, 'startNew')
      .mockRejectedValue(new Error('the engine is away, code=1?sig=canary1'));
    const broken = { ...backend, engine: { client } as unknown as Backend['engine'] };

    await expect(deliver(broken)).rejects.toThrow('the engine is away');

    expect(exporter.getFinishedSpans()).toMatchObject([
      {
        status: {
          code: SpanStatusCode.ERROR,
          message: 'the engine is away, code=1?sig=[redacted]',
        },
      },
    ]);
  });
});
