import { onboardClusters } from '../../functions/onboard-clusters';
import { armId, armIdOf } from '../support/clusters';
import { FakeEngine } from '../support/fake-durable-client';
import { Faults } from '../support/faults';
import { answerOf } from '../support/http';
import type { Answer } from '../support/http';
import { aBackend, startPending } from '../support/services';
import type { Backend } from '../support/services';

const body = { clusters: [armIdOf('a'), armIdOf('b'), armIdOf('c')], mode: 'apply' };

function post(
  { engine, services }: Backend,
  request: { readonly key?: string; readonly body: unknown },
  faults = new Faults(),
): Promise<Answer> {
  const broken = {
    ...services,
    records: faults.on(services.records),
    existing: faults.onCall(services.existing),
  };
  const client = faults.on(engine.client);
  return answerOf((each) => onboardClusters(each, client, broken), {
    method: 'POST',
    body: request.body,
    headers: request.key === undefined ? {} : { 'idempotency-key': request.key },
  });
}

function runIdsOf({ body: { runs } }: Answer): string[] {
  return (runs as { id: string }[]).map(({ id }) => id);
}

function runIdsStarted({ engine }: Backend): string[] {
  return engine.started.flatMap(({ input }) =>
    (input as { runs: { runId: string }[] }).runs.map(({ runId }) => runId),
  );
}

describe('a request with an idempotency key', () => {
  it('has the same answer when it is repeated, and starts nothing', async () => {
    const backend = aBackend();

    const first = await post(backend, { key: 'k', body });
    const second = await post(backend, { key: 'k', body });

    expect(second).toEqual({
      ...first,
      headers: { ...first.headers, 'idempotent-replayed': 'true' },
    });
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(backend.engine.started).toHaveLength(1);
  });

  it('has the same answer also after its runs have ended', async () => {
    const backend = aBackend();
    const first = await post(backend, { key: 'k', body });
    backend.engine.complete(backend.engine.started[0]?.instanceId ?? '');

    const second = await post(backend, { key: 'k', body });

    expect(runIdsOf(second)).toEqual(runIdsOf(first));
    expect(backend.engine.started).toHaveLength(1);
  });

  it('has the same answer also after the engine has forgotten the fleet', async () => {
    const backend = aBackend();
    const first = await post(backend, { key: 'k', body });
    const forgetful = { ...backend, engine: new FakeEngine() };

    const second = await post(forgetful, { key: 'k', body });

    expect(runIdsOf(second)).toEqual(runIdsOf(first));
    expect(forgetful.engine.started).toEqual([]);
  });

  it('is the same request however its body is written', async () => {
    const backend = aBackend();
    await post(backend, { key: 'k', body: { mode: 'report', clusters: [armId] } });

    const second = await post(backend, { key: 'k', body: { clusters: [armId] } });

    expect(second.status).toBe(202);
  });

  it.each([
    ['another cluster', { ...body, clusters: [armIdOf('d')] }],
    ['another mode', { ...body, mode: 'report' }],
    ['another order', { ...body, clusters: [...body.clusters].reverse() }],
  ])('is refused with %s', async (_case, other) => {
    const backend = aBackend();
    await post(backend, { key: 'k', body });

    const { status, body: problem } = await post(backend, { key: 'k', body: other });

    expect(status).toBe(422);
    expect(problem).toMatchObject({
      code: 'idempotency-key-reused',
      detail: 'Use a new key for a new request.',
    });
    expect(backend.engine.started).toHaveLength(1);
  });

  it('is another request under another key', async () => {
    const backend = aBackend();
    const report = { ...body, mode: 'report' };

    await post(backend, { key: 'k1', body: report });
    await post(backend, { key: 'k2', body: report });

    expect(backend.engine.started).toHaveLength(2);
  });

  it('leaves no trace when it is refused, so that it can be corrected under its key', async () => {
    const backend = aBackend();
    await post(backend, { key: 'k', body: { clusters: ['nonsense'] } });

    const { status } = await post(backend, { key: 'k', body });

    expect(status).toBe(202);
  });

  it('starts once when it comes several times at the same moment', async () => {
    const backend = aBackend();

    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => post(backend, { key: 'k', body })));

    const runs = answers.map(runIdsOf);
    expect(runs).toEqual(runs.map(() => runIdsStarted(backend)));
    expect(backend.engine.started).toHaveLength(1);
  });
});

describe('a request that breaks down on the way', () => {
  const total = new Faults();
  const countCalls = post(aBackend(), { key: 'k', body }, total).then(() => total.calls);
  const calls = Array.from({ length: 19 }, (_, i) => i + 1);

  it('makes as many calls as these tests break', async () => {
    expect(await countCalls).toBe(calls.length);
  });

  describe.each(['before', 'after'] as const)('%s the effect', (moment) => {
    it.each(calls)('of its call %i is completed when it is repeated', async (call) => {
      const backend = aBackend();

      const broken = await post(backend, { key: 'k', body }, new Faults(call, moment));
      const repeated = await post(backend, { key: 'k', body });
      const again = await post(backend, { key: 'k', body });
      await startPending(backend);

      expect([202, 500]).toContain(broken.status);
      expect(repeated.status).toBe(202);
      expect(backend.engine.started).toHaveLength(1);
      expect(runIdsOf(repeated)).toEqual(runIdsStarted(backend));
      expect(again.body).toEqual(repeated.body);
    });

    it.each(calls)('of its call %i is completed also after a second breakdown', async (call) => {
      const backend = aBackend();

      await post(backend, { key: 'k', body }, new Faults(call, moment));
      await post(backend, { key: 'k', body }, new Faults(Math.ceil(call / 2), moment));
      const repeated = await post(backend, { key: 'k', body });
      await startPending(backend);

      expect(repeated.status).toBe(202);
      expect(backend.engine.started).toHaveLength(1);
      expect(runIdsOf(repeated)).toEqual(runIdsStarted(backend));
    });
  });
});
