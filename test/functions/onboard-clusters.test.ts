import { armGuid } from '../../domain/arm/guid';
import { TransientError } from '../../domain/outcome';
import { onboardClusters } from '../../functions/onboard-clusters';
import { armId, armIdOf, clusterNamed } from '../support/clusters';
import { answerOf } from '../support/http';
import type { Answer, RequestParts } from '../support/http';
import { aBackend } from '../support/services';
import type { Backend } from '../support/services';

function post(backend: Backend, parts: RequestParts): Promise<Answer> {
  const { engine, services } = backend;
  return answerOf((request) => onboardClusters(request, engine.client, services), {
    method: 'POST',
    ...parts,
  });
}

const one = { body: { clusters: [armId] } };

async function everythingIn({ records }: Backend): Promise<number> {
  const kinds = ['run', 'claim', 'request', 'cluster', 'plan'] as const;
  const pages = await Promise.all(kinds.map((kind) => records.list(kind, { limit: 1 })));
  return pages.reduce((sum, { items }) => sum + items.length, 0);
}

describe('onboardClusters', () => {
  it('starts one fleet with a run for each cluster, and says where they are', async () => {
    const backend = aBackend();
    const clusters = [armIdOf('a'), armIdOf('b')];

    const { status, headers, body } = await post(backend, { body: { clusters, mode: 'apply' } });

    const [fleet] = backend.engine.started;
    const runs = (fleet?.input as { runs: { runId: string }[] }).runs;
    expect(status).toBe(202);
    expect(headers).toEqual({ 'retry-after': '5', 'cache-control': 'no-store' });
    expect(body['runs']).toEqual(
      clusters.map((cluster, i) => ({
        cluster,
        id: runs[i]?.runId,
        location: `/api/v1/runs/${runs[i]?.runId ?? ''}`,
      })),
    );
    expect(backend.engine.started).toHaveLength(1);
    expect(fleet).toMatchObject({
      orchestration: 'onboardFleet',
      instanceId: expect.stringMatching(/^fleet_[0-9A-Z]{26}$/) as string,
      input: {
        runs: [{ clusterId: clusterNamed('a') }, { clusterId: clusterNamed('b') }],
        shared: { mode: 'apply', requestedBy: 'api' },
        done: 0,
        failed: 0,
      },
    });
  });

  it('reports only, unless it is asked to apply', async () => {
    const backend = aBackend();

    await post(backend, one);

    expect(backend.engine.started).toMatchObject([{ input: { shared: { mode: 'report' } } }]);
    expect((await backend.records.list('claim', { limit: 1 })).items).toEqual([]);
  });

  it('names the one run of a request for one cluster as its location', async () => {
    const { headers, body } = await post(aBackend(), one);

    const [run] = body['runs'] as { location: string }[];
    expect(headers['location']).toBe(run?.location);
  });

  it('stores every run before it starts one', async () => {
    const backend = aBackend();

    await post(backend, { body: { clusters: [`${armId}/`], mode: 'apply' } });

    const { items } = await backend.records.list('run', { limit: 10 });
    const fleetId = backend.engine.started[0]?.instanceId ?? '';
    expect(items).toEqual([
      {
        id: items[0]?.id,
        clusterId: clusterNamed('aks-orders'),
        armId,
        mode: 'apply',
        instanceId: `${fleetId}.${items[0]?.id ?? ''}`,
        cause: fleetId,
        correlationId: armGuid('steward', items[0]?.id ?? ''),
        state: 'queued',
      },
    ]);
  });

  it('tells a run that the one before it has failed', async () => {
    const backend = aBackend();
    const id = clusterNamed('aks-orders');
    await backend.records.put('cluster', 'c_MP227X1KG7CWTFGJ', {
      id: 'c_MP227X1KG7CWTFGJ',
      clusterId: id,
      armId,
      name: 'aks-orders',
      location: '',
      resourceUid: '',
      status: 'failed',
      findings: [],
      unknown: [],
      evaluatedAt: '',
      cause: '',
      lastRun: { id: 'run_0', state: 'failed' },
    });

    await post(backend, { body: { clusters: [armId, armIdOf('b')] } });

    expect(backend.engine.started).toMatchObject([
      { input: { runs: [{ ownFailure: true }, { ownFailure: false }] } },
    ]);
  });

  it('takes a thousand clusters', async () => {
    const backend = aBackend();
    const clusters = Array.from({ length: 1000 }, (_, i) => armIdOf(`aks-${i}`));

    const { status, body } = await post(backend, { body: { clusters, mode: 'apply' } });

    expect(status).toBe(202);
    expect(body['runs']).toHaveLength(1000);
    expect(new Set((body['runs'] as { id: string }[]).map(({ id }) => id)).size).toBe(1000);
  });
});

const notOne = (n: number) => `${n} of ${n} entries of clusters cannot be onboarded.`;
const tooMany = Array.from({ length: 1001 }, (_, i) => armIdOf(`aks-${i}`));

describe('a request that cannot be served', () => {
  it.each<[string, RequestParts, Partial<Answer['body']>]>([
    ['malformed JSON', { text: '{"clusters":' }, { status: 400, code: 'invalid-json' }],
    ['no body', {}, { status: 400, code: 'invalid-json' }],
    [
      'an unknown field',
      { body: { clusters: [armId], dryRun: true } },
      {
        status: 400,
        code: 'unknown-field',
        detail: 'Unknown: dryRun.',
        errors: [
          {
            pointer: '/dryRun',
            code: 'unknown-field',
            message: 'is not a field of this request',
          },
        ],
      },
    ],
    [
      'a field called __proto__',
      { text: `{"clusters":["${armId}"],"__proto__":{"mode":"apply"}}` },
      { status: 400, code: 'unknown-field' },
    ],
    ['a list', { body: [armId] }, { status: 400, code: 'validation-failed' }],
    ['null', { body: null }, { status: 400, code: 'validation-failed' }],
    ['text', { body: armId }, { status: 400, code: 'validation-failed' }],
    ['no clusters', { body: {} }, { status: 400, code: 'validation-failed' }],
    ['an empty list', { body: { clusters: [] } }, { status: 400, code: 'validation-failed' }],
    ['1,001 clusters', { body: { clusters: tooMany } }, { status: 400, code: 'validation-failed' }],
    [
      'a cluster that is a number',
      { body: { clusters: [armId, 7] } },
      {
        code: 'validation-failed',
        errors: [
          {
            pointer: '/clusters/1',
            code: 'invalid-type',
            message: 'Invalid input: expected string, received number',
          },
        ],
      },
    ],
    [
      'a mode that nobody knows',
      { body: { clusters: [armId], mode: 'auto' } },
      { status: 400, code: 'validation-failed' },
    ],
    [
      'another resource type',
      { body: { clusters: [armId.replace('managedClusters', 'fleets')] } },
      {
        status: 400,
        code: 'validation-failed',
        detail: notOne(1),
        errors: [
          {
            pointer: '/clusters/0',
            code: 'not-a-cluster',
            message:
              'must be /subscriptions/{id}/resourceGroups/{group}/providers/Microsoft.ContainerService/managedClusters/{name}',
          },
        ],
      },
    ],
    [
      'a cluster twice, in other letters',
      { body: { clusters: [armId, armIdOf('b'), armId.toUpperCase()] } },
      {
        code: 'validation-failed',
        errors: [
          {
            pointer: '/clusters/2',
            code: 'duplicate',
            message: 'names the same cluster as /clusters/0',
          },
        ],
      },
    ],
    [
      'a foreign subscription',
      { body: { clusters: [armId.replace('4e1f6a52', 'ffffffff')] } },
      {
        status: 400,
        code: 'validation-failed',
        errors: [
          {
            pointer: '/clusters/0',
            code: 'out-of-scope',
            message: 'is in a subscription that Steward does not look after',
          },
        ],
      },
    ],
    [
      'a body of 2 MiB',
      { body: { clusters: [armId], note: 'x'.repeat(2 * 1024 * 1024) } },
      { status: 413, code: 'payload-too-large' },
    ],
    [
      'text/plain',
      { ...one, headers: { 'content-type': 'text/plain' } },
      { status: 415, code: 'unsupported-media-type' },
    ],
    [
      'a media type that only looks like JSON',
      { ...one, headers: { 'content-type': 'application/jsonp' } },
      { status: 415, code: 'unsupported-media-type' },
    ],
    [
      'no media type',
      { ...one, headers: { 'content-type': '' } },
      { status: 415, code: 'unsupported-media-type' },
    ],
    [
      'an empty idempotency key',
      { ...one, headers: { 'idempotency-key': '' } },
      { status: 400, code: 'validation-failed' },
    ],
    [
      'an idempotency key that is too long',
      { ...one, headers: { 'idempotency-key': 'k'.repeat(129) } },
      { status: 400, code: 'validation-failed' },
    ],
  ])('is told so and starts nothing: %s', async (_case, parts, expected) => {
    const backend = aBackend();

    const { status, headers, body } = await post(backend, parts);

    expect(status).toBe(body['status']);
    expect(headers).toEqual({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    });
    expect(body).toMatchObject({
      ...expected,
      type: `https://steward.dev/problems/${String(expected['code'])}`,
      instance: '/api/v1/clusters',
      requestId: 'invocation-1',
    });
    expect(backend.engine.started).toEqual([]);
    expect(await everythingIn(backend)).toBe(0);
  });

  it('names every cluster that does not exist, and starts none of the others', async () => {
    const backend = aBackend({
      existing: () => Promise.resolve(new Set([clusterNamed('b')])),
    });
    const clusters = [armIdOf('a'), armIdOf('b'), armIdOf('c')];

    const { status, body } = await post(backend, { body: { clusters } });

    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'validation-failed',
      detail: '2 of 3 entries of clusters cannot be onboarded.',
      errors: [
        { pointer: '/clusters/0', code: 'not-found' },
        { pointer: '/clusters/2', code: 'not-found' },
      ],
    });
    expect(backend.engine.started).toEqual([]);
  });

  it('may come again later while Azure does not answer', async () => {
    const existing = () => Promise.reject(new TransientError('429 from Resource Graph'));
    const backend = aBackend({ existing });

    const { status, body } = await post(backend, one);

    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'azure-unavailable' });
    expect(backend.engine.started).toEqual([]);
  });

  it('learns nothing about the inside of Steward when that fails', async () => {
    const existing = () => Promise.reject(new Error('ENOENT /secret/path'));

    const { status, body } = await post(aBackend({ existing }), one);

    expect(status).toBe(500);
    expect(body).toMatchObject({
      code: 'internal',
      detail: 'The request failed; the log has the reason under this request id.',
    });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.x+json'])(
    'is not one of media type %s',
    async (type) => {
      const { status } = await post(aBackend(), { ...one, headers: { 'content-type': type } });

      expect(status).toBe(202);
    },
  );
});
