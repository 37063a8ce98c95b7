import { armGuid } from '../../domain/arm/guid';
import { anOtlpReceiver } from '../support/otlp-receiver';
import type { OtlpReceiver, ReceivedSpan } from '../support/otlp-receiver';
import { eventually } from './support/steward-process';
import { startTwoProcesses } from './support/two-processes';
import type { TwoProcesses } from './support/two-processes';

jest.setTimeout(90_000);

interface Evidence {
  readonly run: Readonly<Record<string, unknown>>;
  readonly spans: readonly ReceivedSpan[];
}

describe('telemetry of the app, sent to an OTLP receiver', () => {
  let receiver: OtlpReceiver;
  let steward: TwoProcesses;
  let onboarding: Evidence;
  let output = '';
  let running = false;
  const cluster = () => steward.clusters[0] ?? '';
  const event = () => ({
    id: 'e1',
    topic: cluster(),
    subject: 'pool',
    eventType: 'Microsoft.ContainerService.NodePoolRollingSucceeded',
    eventTime: '2026-11-24T09:00:00Z',
    data: { nodePoolName: 'apps' },
    dataVersion: '1',
    metadataVersion: '1',
  });

  beforeAll(async () => {
    receiver = await anOtlpReceiver();
    steward = await startTwoProcesses('fleet-25.json', 600, {
      settings: { STEWARD_TELEMETRY: 'opentelemetry', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    running = true;
    await steward.control('PATCH', 'behaviour', { poolRollMinutes: { base: 2, perBatch: 1 } });
    expect(await steward.deliver(event())).toBe(202);
    expect(await steward.deliver(event())).toBe(202);
    const answer = await steward.onboard([cluster()]);
    const location = answer.headers.get('location') ?? '';
    await steward.end(location);
    const run = await steward.get(location);
    await eventually(() => receiver.spans().find((span) => span.name === 'steward.event.ingest'));
    output = steward.output();
    running = false;
    expect(await steward.stop()).toEqual([0, 0]); // the last spans are sent before the process ends
    onboarding = { run, spans: inTrace(receiver, String(run['correlationId'])) };
  });
  afterAll(async () => {
    if (running) await steward.stop();
    await receiver[Symbol.asyncDispose]();
  });

  it('has one trace for a run, named by the id that the API tells', () => {
    const { run, spans } = onboarding;

    expect(run['correlationId']).toBe(armGuid('steward', String(run['id'])));
    expect(spans.filter(({ name }) => name === 'steward.run')).toMatchObject([
      {
        parentSpanId: '',
        failed: run['state'] === 'failed',
        attributes: {
          'steward.run': run['id'],
          'steward.kind': 'apply',
          'steward.cluster': cluster(),
        },
      },
    ]);
  });

  it('is a tree: run, plan and steps, requests to Azure', () => {
    const { spans } = onboarding;
    const parents = new Map(spans.map((span) => [span.spanId, span]));
    const edges = new Set(
      spans.map(
        ({ name, parentSpanId }) => `${parents.get(parentSpanId)?.name ?? 'nobody'} > ${name}`,
      ),
    );

    expect(parents.size).toBe(spans.length);
    expect([...edges].filter((edge) => edge.startsWith('nobody'))).toEqual([
      'nobody > steward.run',
    ]);
    expect([...edges]).toEqual(
      expect.arrayContaining([
        'steward.run > steward.step',
        'steward.run > steward.plan',
        'steward.step > GET microsoft.containerservice/managedclusters',
        'steward.step > PUT microsoft.containerservice/managedclusters',
      ]),
    );
  });

  it('has the id of the run on every request, as Azure sent it back, and the id of the request', () => {
    const { run, spans } = onboarding;
    const arm = spans.filter(({ attributes }) => attributes['az.request_id'] !== undefined);

    expect(arm.length).toBeGreaterThan(20);
    expect(new Set(arm.map(({ attributes }) => attributes['az.correlation_id']))).toEqual(
      new Set([run['correlationId']]),
    );
  });

  it('says of every step what it is, of which cluster and run', () => {
    const { run, spans } = onboarding;
    const steps = spans.filter(({ name }) => name === 'steward.step');

    expect(steps.map(({ attributes }) => attributes['steward.kind'])).toEqual(
      expect.arrayContaining(['takeSnapshot', 'switchIdentity', 'pollOperation', 'concludeRun']),
    );
    for (const { attributes } of steps) expect(attributes['steward.run']).toBe(run['id']);
  });

  it('joins an event, its evaluation and what that asks of Azure', () => {
    const ingests = receiver.spans().filter(({ name }) => name === 'steward.event.ingest');
    const [first, second] = [false, true].map((duplicate) =>
      ingests.find(({ attributes }) => attributes['steward.event.duplicate'] === duplicate),
    );
    const trace = receiver.spans().filter(({ traceId }) => traceId === first?.traceId);
    const run = trace.find(({ name }) => name === 'steward.run');
    const step = trace.find(({ name }) => name === 'steward.step');

    expect(ingests).toHaveLength(2);
    expect(second?.parentSpanId).toBe(first?.spanId);
    expect(first?.parentSpanId).toBe('');
    expect(run).toMatchObject({
      parentSpanId: first?.spanId,
      attributes: { 'steward.kind': 'evaluate', 'steward.cluster': cluster() },
    });
    expect(step?.parentSpanId).toBe(run?.spanId);
    expect(
      trace.filter(({ parentSpanId }) => parentSpanId === step?.spanId).length,
    ).toBeGreaterThan(5);
  });

  it('sends the log lines of the run into its trace, once each', () => {
    const { run } = onboarding;
    const lines = receiver.logs().filter(({ attributes }) => attributes['run'] === run['id']);
    const traceId = String(run['correlationId']).replaceAll('-', '');

    expect(lines.map(({ body }) => body)).toContain('onboarding.planned');
    expect(lines.filter(({ body }) => body === 'onboarding.finished')).toHaveLength(1);
    expect(new Set(lines.map((line) => line.traceId))).toEqual(new Set([traceId]));
  });

  it('sends measurements of what no store keeps', () => {
    expect(new Set(receiver.metrics())).toEqual(
      new Set(['steward.arm.requests', 'steward.events', 'steward.step.duration']),
    );
  });

  it('complains of nothing', () => {
    expect(output).not.toContain('telemetry.not-sent');
  });
});

function inTrace(receiver: OtlpReceiver, correlationId: string): readonly ReceivedSpan[] {
  const wanted = correlationId.replaceAll('-', '');
  return receiver.spans().filter(({ traceId }) => traceId === wanted);
}
