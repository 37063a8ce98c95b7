import { clusterKey } from '../../domain/ids';
import { changeExceptions, changePodIdentity } from '../../functions/pod-identity';
import { onboardClusters } from '../../functions/onboard-clusters';
import { armId, clusterId, identityId } from '../support/clusters';
import { Faults } from '../support/faults';
import { answerOf } from '../support/http';
import type { Answer } from '../support/http';
import { aBackend, startPending } from '../support/services';
import type { Backend } from '../support/services';

const key = clusterKey(clusterId);
const place = { name: 'orders', namespace: 'apps' };
const enable = { acceptUnsupported: true, expires: '2999-12-31', mode: 'apply' };
const add = { identities: [{ ...place, identityId: identityId('orders') }], mode: 'apply' };

async function aKnowingBackend(overrides: Parameters<typeof aBackend>[0] = {}): Promise<Backend> {
  const backend = aBackend(overrides);
  await backend.records.put('cluster', key, {
    ...{ id: key, clusterId, armId, name: 'aks-orders', location: 'westeurope' },
    ...{ resourceUid: 'uid', status: 'ok', findings: [], unknown: [] },
    ...{ evaluatedAt: '2026-11-24T08:00:00Z', cause: 'sweep' },
  });
  return backend;
}

interface Posted {
  readonly action: string;
  readonly body: unknown;
  readonly id?: string;
  readonly idempotencyKey?: string;
  readonly exceptions?: true;
}

function post(
  { engine, services }: Backend,
  { action, body, id = key, idempotencyKey, exceptions }: Posted,
  faults = new Faults(),
): Promise<Answer> {
  const trigger = exceptions ? changeExceptions : changePodIdentity;
  const broken = { ...services, records: faults.on(services.records) };
  return answerOf((request) => trigger(request, faults.on(engine.client), broken), {
    method: 'POST',
    body,
    params: { id, action },
    headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
  });
}

describe('a request to change pod identities', () => {
  it('starts a run that knows the change, and nothing else', async () => {
    const backend = await aKnowingBackend();

    const { status, headers, body } = await post(backend, { action: 'add', body: add });

    const [run] = body['runs'] as { id: string; location: string }[];
    expect(status).toBe(202);
    expect(headers).toMatchObject({ location: run?.location, 'retry-after': '5' });
    expect(backend.engine.started[0]?.input).toMatchObject({
      runs: [
        {
          runId: run?.id,
          clusterId,
          podIdentity: {
            kind: 'add',
            identities: [{ ...place, identityId: identityId('orders'), demoRole: false }],
          },
        },
      ],
      shared: { mode: 'apply' },
    });
  });

  it('only plans unless it says apply', async () => {
    const backend = await aKnowingBackend();
    const { identities } = add;

    await post(backend, { action: 'add', body: { identities } });

    expect(backend.engine.started[0]?.input).toMatchObject({ shared: { mode: 'report' } });
  });

  it('says that several labels of an exception mean any of them', async () => {
    const podLabels = { app: 'agent', tier: 'ci' };
    const body = { exceptions: [{ ...place, podLabels }] };

    const { body: answer } = await post(await aKnowingBackend(), {
      ...{ action: 'add', body, exceptions: true },
    });

    expect(answer['notes']).toEqual([
      'apps/orders has several labels: a pod with any one of them is excepted, not only pods with all (app=agent or tier=ci).',
    ]);
  });

  it.each<readonly [string, string, object, string]>([
    [
      'nobody accepts that it is unsupported',
      'enable',
      { expires: '2999-12-31' },
      '/acceptUnsupported',
    ],
    ['it is not accepted', 'enable', { ...enable, acceptUnsupported: false }, '/acceptUnsupported'],
    ['it has no end', 'enable', { acceptUnsupported: true }, '/expires'],
    ['its end is no day', 'enable', { ...enable, expires: 'soon' }, '/expires'],
    ['its end is over', 'enable', { ...enable, expires: '2020-01-01' }, '/expires'],
    [
      'a name is in capitals',
      'add',
      { identities: [{ ...add.identities[0], name: 'Orders' }] },
      '/identities/0/name',
    ],
    [
      'a name is too long',
      'add',
      { identities: [{ ...add.identities[0], name: 'a'.repeat(254) }] },
      '/identities/0/name',
    ],
    [
      'a namespace has dots',
      'add',
      { identities: [{ ...add.identities[0], namespace: 'a.b' }] },
      '/identities/0/namespace',
    ],
    [
      'a namespace is too long',
      'add',
      { identities: [{ ...add.identities[0], namespace: 'a'.repeat(64) }] },
      '/identities/0/namespace',
    ],
    [
      'a selector is too long',
      'add',
      { identities: [{ ...add.identities[0], selector: 'a'.repeat(64) }] },
      '/identities/0/selector',
    ],
    [
      'a selector is none',
      'add',
      { identities: [{ ...add.identities[0], selector: '-' }] },
      '/identities/0/selector',
    ],
    [
      'an identity is named by half',
      'add',
      { identities: [{ ...place, identityId: 'orders' }] },
      '/identities/0/identityId',
    ],
    ['there is nothing to add', 'add', { identities: [] }, '/identities'],
    ['an update says nothing', 'update', { identities: [place] }, '/identities/0/selector'],
    ['an entry is named by half', 'disable', { entries: ['orders'] }, '/entries/0'],
  ])('is refused where %s', async (...[, action, body, pointer]) => {
    const backend = await aKnowingBackend();

    const { status, body: problem } = await post(backend, { action, body });

    expect(status).toBe(400);
    expect(problem).toMatchObject({ code: 'validation-failed', errors: [{ pointer }] });
    expect(backend.engine.started).toEqual([]);
  });

  it.each([
    ['without a label', {}],
    ['with a value that no label has', { app: 'a b' }],
  ])('is refused with an exception %s', async (_why, podLabels) => {
    const body = { exceptions: [{ ...place, podLabels }] };

    const { status } = await post(await aKnowingBackend(), {
      ...{ action: 'update', body, exceptions: true },
    });

    expect(status).toBe(400);
  });

  it('is refused with a field that nobody knows', async () => {
    const { body } = await post(await aKnowingBackend(), {
      ...{ action: 'enable', body: { ...enable, force: true } },
    });

    expect(body).toMatchObject({ code: 'unknown-field', errors: [{ pointer: '/force' }] });
  });

  it.each([
    ['a cluster that Steward does not know', { id: 'c_none', action: 'add' }],
    ['an action that does not exist', { action: 'remove' }],
    ['an action of every object', { action: 'constructor' }],
  ])('is not found for %s', async (_what, where) => {
    const { status, body } = await post(await aKnowingBackend(), { body: add, ...where });

    expect([status, body['code']]).toEqual([404, 'not-found']);
  });

  it.each([
    ['is gone', { existing: () => Promise.resolve(new Set<never>()) }],
    ['is in a subscription that Steward does not look after any more', { subscriptions: [] }],
  ])('is not found for a cluster that %s', async (_what, overrides) => {
    const { status } = await post(await aKnowingBackend(overrides), { action: 'add', body: add });

    expect(status).toBe(404);
  });
});

describe('while another run changes the cluster', () => {
  it('a change is refused and not lost among its steps', async () => {
    const backend = await aKnowingBackend();
    const first = await post(backend, { action: 'add', body: add });

    const second = await post(backend, { action: 'enable', body: enable });

    const [run] = first.body['runs'] as { id: string }[];
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({
      code: 'run-active',
      detail: `${run?.id} is changing the cluster. Ask again when it has ended.`,
    });
    expect(backend.engine.started).toHaveLength(1);
    expect((await backend.records.list('run', { limit: 9 })).items).toHaveLength(1);
  });

  it('a change that only plans goes ahead', async () => {
    const backend = await aKnowingBackend();
    await post(backend, { action: 'add', body: add });

    const report = await post(backend, { action: 'add', body: { ...add, mode: 'report' } });

    expect(report.status).toBe(202);
  });

  it('a refused change leaves no trace, so that its key may be used again', async () => {
    const backend = await aKnowingBackend();
    await answerOf((request) => onboardClusters(request, backend.engine.client, backend.services), {
      method: 'POST',
      body: { clusters: [armId], mode: 'apply' },
    });
    const refused = await post(backend, { action: 'add', body: add, idempotencyKey: 'k' });
    await backend.records.remove('claim', key);

    const accepted = await post(backend, { action: 'add', body: add, idempotencyKey: 'k' });

    expect([refused.status, accepted.status]).toEqual([409, 202]);
    expect((await backend.records.list('start', { limit: 9 })).items).toEqual([]);
  });
});

describe('a change with an idempotency key', () => {
  it('is made once, however often it is asked for', async () => {
    const backend = await aKnowingBackend();

    const first = await post(backend, { action: 'add', body: add, idempotencyKey: 'k' });
    const second = await post(backend, { action: 'add', body: add, idempotencyKey: 'k' });

    expect(second.body).toEqual(first.body);
    expect(second.headers).toMatchObject({ 'idempotent-replayed': 'true' });
    expect(backend.engine.started).toHaveLength(1);
  });

  it('is another one under another action', async () => {
    const backend = await aKnowingBackend();
    await post(backend, { action: 'delete', body: { identities: [place] }, idempotencyKey: 'k' });

    const { status } = await post(backend, { action: 'add', body: add, idempotencyKey: 'k' });

    expect(status).toBe(422);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'is completed when it is repeated after a breakdown of its call %i',
    async (call) => {
      for (const moment of ['before', 'after'] as const) {
        const backend = await aKnowingBackend();
        const asked = { action: 'add', body: add, idempotencyKey: 'k' };
        await post(backend, asked, new Faults(call, moment));

        const repeated = await post(backend, asked);
        await startPending(backend);

        const [run] = repeated.body['runs'] as { id: string }[];
        expect(repeated.status).toBe(202);
        expect(backend.engine.started).toHaveLength(1);
        expect(backend.engine.started[0]?.input).toMatchObject({ runs: [{ runId: run?.id }] });
      }
    },
  );
});
