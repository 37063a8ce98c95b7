import { OrchestrationRuntimeStatus } from 'durable-functions';

import { clusterKey } from '../../domain/ids';
import { onboardClusters } from '../../functions/onboard-clusters';
import { armId, armIdOf, clusterId, clusterNamed } from '../support/clusters';
import { Faults } from '../support/faults';
import { answerOf } from '../support/http';
import { aBackend, aRunRecord, startPending } from '../support/services';
import type { Backend } from '../support/services';

const { Completed, Failed, Pending, Running, Suspended, Terminated } = OrchestrationRuntimeStatus;
const key = clusterKey(clusterId);
const longAgo = '2020-01-01T00:00:00.000Z';
const later = '2999-01-01T00:00:00.000Z';

/** Onboards clusters and gives the runs that the answer names. */
async function onboard(
  { engine, services }: Backend,
  body: object = { clusters: [armId], mode: 'apply' },
  faults = new Faults(),
): Promise<string[]> {
  const broken = { ...services, records: faults.on(services.records) };
  const { body: answer } = await answerOf(
    (request) => onboardClusters(request, faults.on(engine.client), broken),
    { method: 'POST', body, headers: { 'idempotency-key': JSON.stringify(body).slice(-120) } },
  );
  return ((answer['runs'] ?? []) as { id: string }[]).map(({ id }) => id);
}

async function ownerOf({ records }: Backend): Promise<string | undefined> {
  return (await records.get('claim', key))?.value.owner;
}

describe('a cluster that a run is changing', () => {
  it('gets no second run: the request joins the one that is at it', async () => {
    const backend = aBackend();
    const [first] = await onboard(backend);

    const second = await onboard(backend, { mode: 'apply', clusters: [`${armId}/`.toUpperCase()] });

    expect(second).toEqual([first]);
    expect(backend.engine.started).toHaveLength(1);
  });

  it('is joined by those who come at the same moment', async () => {
    const backend = aBackend();
    const requests = ['a', 'b', 'c'].map((other) => ({
      clusters: [armId, armIdOf(other)],
      mode: 'apply',
    }));

    const answers = await Promise.all(requests.map((body) => onboard(backend, body)));

    const runs = answers.map(([run]) => run);
    expect(new Set(runs).size).toBe(1);
    expect(await ownerOf(backend)).toBe(runs[0]);
    const starts = backend.engine.started.flatMap(
      ({ input }) => (input as { runs: { clusterId: string }[] }).runs,
    );
    expect(starts.filter((run) => run.clusterId === clusterId)).toHaveLength(1);
  });

  it('leaves the other clusters of a request their own runs', async () => {
    const backend = aBackend();
    const [first] = await onboard(backend);

    const second = await onboard(backend, { clusters: [armId, armIdOf('b')], mode: 'apply' });

    expect(second[0]).toBe(first);
    expect(backend.engine.started[1]).toMatchObject({
      input: { runs: [{ runId: second[1], clusterId: clusterNamed('b') }] },
    });
  });

  it('may be reported on', async () => {
    const backend = aBackend();
    const [first] = await onboard(backend);

    const [report] = await onboard(backend, { clusters: [armId], mode: 'report' });

    expect(report).not.toBe(first);
    expect(backend.engine.started).toHaveLength(2);
  });
});

describe('a claim that has run out', () => {
  const instanceId = aRunRecord().instanceId;

  async function held(until: string, run = aRunRecord()): Promise<Backend> {
    const backend = aBackend();
    await backend.records.put('claim', key, { owner: run.id, until });
    await backend.records.put('run', run.id, run);
    return backend;
  }

  it.each([Pending, Running, Suspended])('holds while its run is %s', async (runtimeStatus) => {
    const backend = await held(longAgo);
    backend.engine.set(instanceId, { runtimeStatus });

    expect(await onboard(backend)).toEqual(['run_1']);
    expect(backend.engine.started).toEqual([]);
  });

  it('holds while the fleet of its run is under way and has not come to it', async () => {
    const backend = await held(longAgo);
    backend.engine.set('fleet_1', { runtimeStatus: Running });

    expect(await onboard(backend)).toEqual(['run_1']);
  });

  it.each([Completed, Failed, Terminated])('is taken over from a run that is %s', async (end) => {
    const backend = await held(longAgo);
    backend.engine.set(instanceId, { runtimeStatus: end });
    backend.engine.set('fleet_1', { runtimeStatus: Running });

    const [run] = await onboard(backend);

    expect(run).not.toBe('run_1');
    expect(await ownerOf(backend)).toBe(run);
  });

  it('is taken over when the fleet has ended and the run never began', async () => {
    const backend = await held(longAgo);
    backend.engine.set('fleet_1', { runtimeStatus: Terminated });

    expect(await onboard(backend)).not.toEqual(['run_1']);
  });

  it('is taken over when nothing was ever started', async () => {
    expect(await onboard(await held(longAgo))).not.toEqual(['run_1']);
  });

  it('is taken over when its owner is not even stored', async () => {
    const backend = aBackend();
    await backend.records.put('claim', key, { owner: 'run_1', until: longAgo });

    expect(await onboard(backend)).not.toEqual(['run_1']);
  });

  it('is taken over by one of those who come at the same moment', async () => {
    const backend = await held(longAgo);
    const requests = ['a', 'b', 'c'].map((other) => ({
      clusters: [armId, armIdOf(other)],
      mode: 'apply',
    }));

    const answers = await Promise.all(requests.map((body) => onboard(backend, body)));

    expect(new Set(answers.map(([run]) => run)).size).toBe(1);
    expect(answers[0]?.[0]).toBe(await ownerOf(backend));
  });

  it.each(['succeeded', 'failed'] as const)(
    'is taken over at once from a run that has %s, even before its time',
    async (state) => {
      const backend = await held(later, aRunRecord({ state }));

      expect(await onboard(backend)).not.toEqual(['run_1']);
    },
  );

  it('holds before its time while its run may be about to start', async () => {
    expect(await onboard(await held(later))).toEqual(['run_1']);
  });
});

describe('a request that was cut off', () => {
  const body = { clusters: [armId], mode: 'apply' };
  const other = { clusters: [armId, armIdOf('b')], mode: 'apply' };

  async function expire({ records }: Backend): Promise<void> {
    const owner = (await records.get('claim', key))?.value.owner ?? '';
    await records.put('claim', key, { owner, until: longAgo });
  }

  it('before its start keeps its cluster: it will be started', async () => {
    const backend = aBackend();
    const startNew = new Faults(11, 'before');
    const [run] = await onboard(backend, body, startNew);
    expect(backend.engine.started).toEqual([]);
    await expire(backend);

    const [joined] = await onboard(backend, other);
    await startPending(backend);

    expect(joined).toBe(run);
    expect(backend.engine.started).toHaveLength(2);
    expect(backend.engine.started[1]).toMatchObject({
      input: { runs: [{ runId: run, clusterId }] },
    });
  });

  it('between its claim and its run joins the run that has taken the cluster over', async () => {
    const backend = aBackend();
    const insertRun = new Faults(6, 'before');
    expect(await onboard(backend, body, insertRun)).toEqual([]);
    expect(await ownerOf(backend)).toBeDefined();
    await expire(backend);
    const [taker] = await onboard(backend, other);

    const repeated = await onboard(backend, body);
    await startPending(backend);

    expect(repeated).toEqual([taker]);
    expect(backend.engine.started).toHaveLength(1);
  });
});
