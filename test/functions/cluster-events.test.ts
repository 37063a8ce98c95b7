import { OrchestrationRuntimeStatus } from 'durable-functions';

import { armGuid } from '../../domain/arm/guid';
import { clusterKey } from '../../domain/ids';
import type { PlanRecord } from '../../domain/records';
import { sideEffects } from '../../domain/plan/steps';
import { onClusterEvent } from '../../functions/cluster-events';
import { armId, clusterId } from '../support/clusters';
import { Faults } from '../support/faults';
import { aContext } from '../support/http';
import { aBackend, aRunRecord } from '../support/services';
import type { Backend } from '../support/services';

const rolled = {
  id: 'e1',
  topic: armId,
  subject: 'aks-orders',
  eventType: 'Microsoft.ContainerService.NodePoolRollingSucceeded',
  eventTime: '2026-11-24T09:00:00.0000000Z',
  data: { nodePoolName: 'apps' },
  dataVersion: '1',
  metadataVersion: '1',
};
const started = {
  ...rolled,
  id: 'e0',
  eventType: 'Microsoft.ContainerService.NodePoolRollingStarted',
  eventTime: '2026-11-24T08:30:00Z',
};
const asCloudEvent = {
  specversion: '1.0',
  id: rolled.id,
  source: rolled.topic,
  type: rolled.eventType,
  time: rolled.eventTime,
  data: rolled.data,
};

/** Delivers an event and gives the names of the log entries it leads to. */
async function deliver(
  { engine, services }: Backend,
  element: unknown,
  faults = new Faults(),
): Promise<unknown[]> {
  const { context, log } = aContext();
  const broken = { ...services, records: faults.on(services.records) };
  await onClusterEvent(element, faults.on(engine.client), { services: broken, context });
  return log.map(({ msg }) => msg);
}

/** The cluster is held by run_1, which rolls the pool `apps`. */
async function whileRolling(): Promise<Backend> {
  const backend = aBackend();
  const { records } = backend;
  const roll = { name: 'apps', reason: 'image', from: 'a', to: 'b', nodes: 1 } as const;
  const step = { kind: 'rollNodeImages', pools: [roll] } as const;
  const plan: PlanRecord = {
    id: 'pl_1',
    clusterId,
    armId,
    hash: '',
    steps: [{ ...step, ...sideEffects(step) }],
    blockers: [],
    findings: [],
    createdAt: '',
  };
  await records.put('claim', clusterKey(clusterId), { owner: 'run_1' });
  await records.put('run', 'run_1', aRunRecord());
  await records.put('plan', 'pl_1', plan);
  return backend;
}

describe('onClusterEvent', () => {
  it('starts one evaluation of the cluster, and no change', async () => {
    const backend = aBackend();

    expect(await deliver(backend, rolled)).toEqual(['clusterEvent.handled']);
    expect(backend.engine.started).toEqual([
      {
        orchestration: 'evaluateCluster',
        instanceId: expect.stringMatching(/^evaluate-[0-9a-f]{32}$/) as string,
        input: {
          clusterId,
          policy: backend.services.policy,
          cause: expect.stringMatching(/^event [0-9a-f]{64}$/) as string,
          afterRun: '',
        },
      },
    ]);
  });

  it('writes down the id under which logs, traces and Azure know the evaluation', async () => {
    const backend = aBackend();

    await deliver(backend, rolled);

    const { items } = await backend.records.list('event', { limit: 10 });
    const instanceId = backend.engine.started[0]?.instanceId ?? '';
    expect(items).toMatchObject([{ instanceId, correlationId: armGuid('steward', instanceId) }]);
  });

  it('gives the echo of a run the id of the run', async () => {
    const backend = await whileRolling();

    await deliver(backend, rolled);

    const { items } = await backend.records.list('event', { limit: 10 });
    expect(items).toMatchObject([{ correlationId: armGuid('steward', 'run_1') }]);
  });

  it('starts one for five deliveries', async () => {
    const backend = aBackend();

    const logs = [];
    for (let i = 0; i < 5; i += 1) logs.push(...(await deliver(backend, rolled)));

    expect(logs).toEqual([
      'clusterEvent.handled',
      ...Array<string>(4).fill('clusterEvent.duplicate'),
    ]);
    expect(backend.engine.started).toHaveLength(1);
  });

  it('starts one for five deliveries at the same moment', async () => {
    const backend = aBackend();

    await Promise.all([1, 2, 3, 4, 5].map(() => deliver(backend, rolled)));

    expect(backend.engine.started).toHaveLength(1);
  });

  it('starts one when the event comes through both schemas', async () => {
    const backend = aBackend();

    await deliver(backend, rolled);
    await deliver(backend, asCloudEvent);

    expect(backend.engine.started).toHaveLength(1);
  });

  it('starts none again for a delivery long after the evaluation has ended', async () => {
    const backend = aBackend();
    await deliver(backend, rolled);
    backend.engine.complete(backend.engine.started[0]?.instanceId ?? '');

    expect(await deliver(backend, rolled)).toEqual(['clusterEvent.duplicate']);
    expect(backend.engine.started).toHaveLength(1);
  });

  it('takes events in whatever order they come', async () => {
    const backend = aBackend();

    await deliver(backend, rolled);
    await deliver(backend, started);

    expect(backend.engine.started).toHaveLength(2);
  });

  it.each([
    ['an event that nobody reacts to', { ...rolled, eventType: 'Contoso.X' }, 'ignored'],
    [
      'an event of a foreign subscription',
      { ...rolled, topic: armId.replace('4e1f', 'ffff') },
      'ignored',
    ],
    ['an event that cannot be understood', { ...rolled, eventTime: 'soon' }, 'quarantined'],
    ['nothing', null, 'quarantined'],
    ['text', 'an event', 'quarantined'],
  ])('acknowledges %s, says so and does nothing', async (_case, element, kind) => {
    const backend = aBackend();
    const untouched = new Faults(1, 'before');

    expect(await deliver(backend, element, untouched)).toEqual([`clusterEvent.${kind}`]);
    expect(backend.engine.started).toEqual([]);
  });
});

describe('a delivery that breaks down', () => {
  const total = new Faults();
  const counted = deliver(aBackend(), rolled, total).then(() => total.calls);
  const calls = [1, 2, 3, 4, 5, 6, 7];

  it('makes as many calls as these tests break', async () => {
    expect(await counted).toBe(calls.length);
  });

  describe.each(['before', 'after'] as const)('%s the effect', (moment) => {
    it.each(calls)('of call %i starts one evaluation in the end', async (call) => {
      const backend = aBackend();

      await deliver(backend, rolled, new Faults(call, moment)).catch(() => undefined);
      await deliver(backend, rolled);

      expect(backend.engine.started).toHaveLength(1);
    });
  });

  it.each([1, 2, 3, 4, 7])(
    'of call %i to the store throws, so that Event Grid delivers again',
    async (call) => {
      await expect(deliver(aBackend(), rolled, new Faults(call, 'before'))).rejects.toThrow(
        'broken down',
      );
    },
  );
});

describe('the echo of a run', () => {
  it('is evaluated once, when the run has ended', async () => {
    const backend = await whileRolling();

    await deliver(backend, started);
    await deliver(backend, rolled);

    expect(backend.engine.started).toMatchObject([
      { instanceId: 'evaluate-run_1', input: { afterRun: 'run_1' } },
    ]);
  });

  it('is recognised by the subject of a resource event, too', async () => {
    const backend = await whileRolling();

    await deliver(backend, {
      ...rolled,
      topic: '/subscriptions/4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001',
      eventType: 'Microsoft.Resources.ResourceActionSuccess',
      subject: `${armId}/agentPools/apps`,
      data: {},
    });

    expect(backend.engine.started).toMatchObject([{ instanceId: 'evaluate-run_1' }]);
  });

  it.each([
    ['another pool', { data: { nodePoolName: 'system' } }],
    ['no pool', { data: {} }],
    ['another cluster', { topic: `${armId}2` }],
  ])('is not an event about %s', async (_case, overrides) => {
    const backend = await whileRolling();

    await deliver(backend, { ...rolled, ...overrides });

    expect(backend.engine.started).toMatchObject([{ input: { afterRun: '' } }]);
  });

  it('is not what comes after the end of the run, although its claim is still there', async () => {
    const backend = await whileRolling();
    await backend.records.put('run', 'run_1', aRunRecord({ state: 'succeeded' }));

    await deliver(backend, rolled);

    expect(backend.engine.started).toMatchObject([{ input: { afterRun: '' } }]);
  });

  it('stays what it was found to be when it is delivered again after the run', async () => {
    const backend = await whileRolling();
    const startNew = 9;
    await deliver(backend, rolled, new Faults(startNew, 'before')).catch(() => undefined);
    await backend.records.remove('claim', clusterKey(clusterId));

    await deliver(backend, rolled);

    expect(backend.engine.started).toMatchObject([{ instanceId: 'evaluate-run_1' }]);
  });

  it('joins the evaluation that has been started under way', async () => {
    const backend = await whileRolling();
    backend.engine.set('evaluate-run_1', { runtimeStatus: OrchestrationRuntimeStatus.Running });

    expect(await deliver(backend, rolled)).toEqual(['clusterEvent.handled']);
    expect(backend.engine.started).toEqual([]);
  });
});
