import { InvocationContext } from '@azure/functions';
import { SpanStatusCode, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';

import { defineActivity, toHandler } from '../../activities/activity';
import type { Activity } from '../../activities/activity';
import { pollOperation } from '../../activities/poll-operation';
import { readCluster } from '../../activities/read-cluster';
import { correlationOf, spanIdOf, traceIdOf } from '../../domain/correlation';
import { FailureError, TransientError } from '../../domain/outcome';
import { anAzure } from '../activities/support/azure';
import type { TestAzure } from '../activities/support/azure';
import { aWireCluster } from '../activities/support/resources';
import { clusterId, subscriptionId } from '../support/clusters';

const exporter = new InMemorySpanExporter();
const traceId = (instanceId: string) => traceIdOf(correlationOf(instanceId).id);

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }));
});
afterEach(() => {
  exporter.reset();
});

/** Runs one attempt of an activity, whatever it ends with. */
async function attempt<I, O>(
  activity: Activity<I, O>,
  input: I,
  {
    azure,
    instanceId = 'fleet_1.run_1.2',
  }: { readonly azure: TestAzure; readonly instanceId?: string },
): Promise<void> {
  const invocation = new InvocationContext({
    functionName: 'someActivity',
    logHandler: () => undefined,
    triggerMetadata: { instanceId },
  });
  await Promise.resolve(toHandler(activity, azure.clients)(input, invocation)).catch(
    () => undefined,
  );
}

function finished(name: string) {
  return exporter.getFinishedSpans().filter((span) => span.name === name);
}

describe('the span of a step', () => {
  it('is a child of the span that its run will have', async () => {
    await using azure = await anAzure([aWireCluster()]);

    await attempt(readCluster, { clusterId }, { azure });

    const [step] = finished('steward.step');
    expect(step?.parentSpanContext).toMatchObject({
      traceId: traceId('fleet_1.run_1'),
      spanId: spanIdOf('run_1'),
    });
    expect(step?.attributes).toEqual({
      'steward.kind': 'someActivity',
      'steward.cluster': clusterId,
      'steward.run': 'run_1',
      'steward.instance': 'fleet_1.run_1.2',
    });
  });

  it.each([
    [
      new FailureError({ code: 'DeniedByPolicy', message: 'sig=canary1 denied' }),
      { type: 'denied-by-policy', message: 'sig=[redacted] denied' },
    ],
    [
      new TransientError('429: slower ?sig=canary1'),
      { type: 'unavailable', message: '429: slower ?sig=[redacted]' },
    ],
    [new TypeError('x is undefined'), { type: 'internal', message: 'x is undefined' }],
  ])('says that and why it failed, without secrets: %s', async (error, { type, message }) => {
    await using azure = await anAzure([]);
    const failing = defineActivity([], () => Promise.reject(error));

    await attempt(failing, {}, { azure });

    const [step] = finished('steward.step');
    expect(step?.status).toEqual({ code: SpanStatusCode.ERROR, message });
    expect(step?.attributes['error.type']).toBe(type);
  });

  it('says that it has only found something to wait for', async () => {
    await using azure = await anAzure([aWireCluster({ provisioningState: 'Updating' })]);
    const operation = {
      status: 'running',
      title: 'x',
      target: clusterId,
      subscriptionId,
      pollAfterSeconds: 1,
    } as const;

    await attempt(pollOperation, { operation }, { azure });

    expect(finished('steward.step')[0]?.attributes['steward.wait_reason']).toBe(
      'operation-in-progress',
    );
  });

  it('has its own requests below it, also when steps of several runs go on at once', async () => {
    await using azure = await anAzure([aWireCluster()]);
    const runs = ['fleet_1.run_1', 'fleet_1.run_2', 'fleet_1.run_3'];

    await Promise.all(
      runs.map((instanceId) => attempt(readCluster, { clusterId }, { azure, instanceId })),
    );

    const steps = finished('steward.step');
    const requests = finished('GET microsoft.containerservice/managedclusters');
    expect(steps.map((span) => span.spanContext().traceId)).toEqual(runs.map(traceId));
    expect(requests.map(({ parentSpanContext }) => parentSpanContext?.spanId).sort()).toEqual(
      steps.map((span) => span.spanContext().spanId).sort(),
    );
  });
});

describe('the span of a request', () => {
  it('names the operation and not the cluster, and has the ids of the request and of the run', async () => {
    await using azure = await anAzure([aWireCluster()]);

    await attempt(readCluster, { clusterId }, { azure });

    const [request] = finished('GET microsoft.containerservice/managedclusters');
    expect(request?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'server.address': 'management.azure.com',
      'url.full': expect.stringContaining(clusterId) as string,
      'az.request_id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      'az.correlation_id': correlationOf('fleet_1.run_1').id,
    });
    expect(request?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('has failed when it was answered with an error', async () => {
    await using azure = await anAzure([]);

    await attempt(readCluster, { clusterId }, { azure });

    const [request] = finished('GET microsoft.containerservice/managedclusters');
    expect(request?.status.code).toBe(SpanStatusCode.ERROR);
    expect(request?.attributes).toMatchObject({
      'error.type': '404',
      'http.response.status_code': 404,
    });
  });
});
