import { clusterKey } from '../../domain/ids';
import { onboardClusters } from '../../functions/onboard-clusters';
import { armId, armIdOf, clusterId } from '../support/clusters';
import { Faults } from '../support/faults';
import { answerOf } from '../support/http';
import type { Answer } from '../support/http';
import { aBackend, aRunRecord, startPending } from '../support/services';
import type { Backend } from '../support/services';

const body = { clusters: [armIdOf('a'), armIdOf('b'), armIdOf('c')], mode: 'apply' };

function post({ engine, services }: Backend, faults = new Faults()): Promise<Answer> {
  const broken = {
    ...services,
    records: faults.on(services.records),
    existing: faults.onCall(services.existing),
  };
  const client = faults.on(engine.client);
  return answerOf((request) => onboardClusters(request, client, broken), { method: 'POST', body });
}

async function storedRuns({ records }: Backend): Promise<string[]> {
  return (await records.list('run', { limit: 9 })).items.map(({ id }) => id);
}

function startedRuns({ engine }: Backend): string[] {
  const runs = engine.started.flatMap(({ input }) => (input as { runs: { runId: string }[] }).runs);
  return runs.map(({ runId }) => runId).sort();
}

async function pending({ records }: Backend): Promise<number> {
  return (await records.list('start', { limit: 9 })).items.length;
}

describe('what was accepted', () => {
  const total = new Faults();
  const countCalls = post(aBackend(), total).then(() => total.calls);
  const calls = Array.from({ length: 14 }, (_, i) => i + 1);

  it('takes as many calls as these tests break', async () => {
    expect(await countCalls).toBe(calls.length);
  });

  it('is started by the request itself', async () => {
    const backend = aBackend();

    await post(backend);

    expect(startedRuns(backend)).toEqual(await storedRuns(backend));
    expect(await pending(backend)).toBe(0);
  });

  describe.each(['before', 'after'] as const)('and broke down %s the effect', (moment) => {
    it.each(calls)('of call %i is started within a minute, all or nothing, once', async (call) => {
      const backend = aBackend();

      const { status } = await post(backend, new Faults(call, moment));
      await startPending(backend);
      await startPending(backend);

      const runs = await storedRuns(backend);
      expect(runs).toHaveLength(backend.engine.started.length === 0 ? 0 : 3);
      expect(startedRuns(backend)).toEqual(runs);
      if (status === 202) expect(runs).toHaveLength(3);
      expect(await pending(backend)).toBe(0);
    });

    it.each(calls)('of call %i is started although the timer breaks down, too', async (call) => {
      const backend = aBackend();

      await post(backend, new Faults(call, moment));
      await startPending(backend, new Faults(Math.ceil(call / 2), moment));
      await startPending(backend);

      expect(startedRuns(backend)).toEqual(await storedRuns(backend));
      expect(await pending(backend)).toBe(0);
    });
  });

  it('claims no cluster again once its runs have ended', async () => {
    const backend = aBackend();
    const { engine, records } = backend;
    const forgettingIt = new Faults(14, 'before');
    await post(backend, forgettingIt);
    for (const id of await storedRuns(backend)) {
      await records.put('run', id, { ...aRunRecord(), id, state: 'succeeded' });
    }
    await records.remove('claim', clusterKey(clusterId));
    engine.complete(engine.started[0]?.instanceId ?? '');
    expect(await pending(backend)).toBe(1);

    await startPending(backend);

    expect(engine.started).toHaveLength(1);
    expect(await records.get('claim', clusterKey(clusterId))).toBeUndefined();
    expect(await pending(backend)).toBe(0);
  });

  it('does not wait for another one that cannot be started', async () => {
    const backend = aBackend();
    const other = { ...body, clusters: [armId] };
    await post(backend, new Faults(13, 'before'));
    const { services, engine } = backend;
    const broken = new Faults(7, 'before');
    await answerOf((request) => onboardClusters(request, broken.on(engine.client), services), {
      method: 'POST',
      body: other,
    });

    await startPending(backend, new Faults(2, 'before'));

    expect(engine.started).toHaveLength(1);
    expect(await pending(backend)).toBe(1);
  });
});
