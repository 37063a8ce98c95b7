import { onboardClusters } from '../../functions/onboard-clusters';
import { armId, clusterId } from '../support/clusters';
import { answerOf } from '../support/http';
import type { Answer } from '../support/http';
import { aBackend } from '../support/services';
import type { Backend } from '../support/services';

const create = {
  cluster: armId,
  location: 'westeurope',
  pools: [{ name: 'system', vmSize: 'Standard_D4ds_v5' }],
};

function post({ engine, services }: Backend, body: unknown): Promise<Answer> {
  return answerOf((request) => onboardClusters(request, engine.client, services), {
    method: 'POST',
    body,
  });
}

describe('a request for a new cluster', () => {
  it('starts a run that knows what the cluster is to become', async () => {
    const backend = aBackend({ existing: () => Promise.resolve(new Set()) });

    const { status, body } = await post(backend, { create, mode: 'apply' });

    const [fleet] = backend.engine.started;
    expect(status).toBe(202);
    expect(body).toMatchObject({ runs: [{ cluster: armId }] });
    expect(fleet?.input).toMatchObject({
      runs: [
        {
          clusterId,
          create: { cluster: armId, controlPlane: 'userAssigned', pools: [{ count: 3 }] },
        },
      ],
      shared: { mode: 'apply' },
    });
  });

  it.each<readonly [string, object, readonly [string, string]]>([
    [
      'another kind of resource',
      { cluster: '/subscriptions/1' },
      ['/create/cluster', 'must be the ARM id'],
    ],
    [
      'a name that no cluster can have',
      { cluster: `${armId}_${'x'.repeat(70)}` },
      ['/create/cluster', 'must be'],
    ],
    ['a place with blanks', { location: 'West Europe' }, ['/create/location', 'must look like']],
    [
      'no system pool',
      { pools: [{ name: 'a', vmSize: 'x', mode: 'User' }] },
      ['/create/pools', 'mode System'],
    ],
    [
      'two pools of one name',
      {
        pools: [
          { name: 'a', vmSize: 'x' },
          { name: 'a', vmSize: 'x' },
        ],
      },
      ['/create/pools', 'different names'],
    ],
    [
      'a pool in capitals',
      { pools: [{ name: 'Sys', vmSize: 'x' }] },
      ['/create/pools/0/name', 'small letters'],
    ],
    [
      'own nodes under a system-assigned control plane',
      { kubelet: 'own', controlPlane: 'systemAssigned' },
      ['/create/kubelet', 'needs a user-assigned control plane'],
    ],
    [
      'a subnet by name',
      { network: { subnetId: 'snet' } },
      ['/create/network/subnetId', 'must be the ARM id'],
    ],
    [
      'a wrong range',
      { network: { podCidr: '10.0.0.0' } },
      ['/create/network/podCidr', 'Invalid IPv4 range'],
    ],
  ])('is refused with %s', async (_case, wrong, [pointer, message]) => {
    const backend = aBackend();

    const { status, body } = await post(backend, { create: { ...create, ...wrong } });

    expect(status).toBe(400);
    expect(body['code']).toBe('validation-failed');
    expect(body['errors']).toMatchObject([
      { pointer, message: expect.stringContaining(message) as string },
    ]);
    expect(backend.engine.started).toEqual([]);
  });

  it.each<readonly [string, object, string]>([
    ['beside it', { create, clusters: [armId] }, '/clusters'],
    ['in it', { create: { ...create, colour: 'red' } }, '/create/colour'],
  ])('is refused with an unknown field %s', async (_case, wanted, pointer) => {
    const { status, body } = await post(aBackend(), wanted);

    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'unknown-field', errors: [{ pointer }] });
  });

  it('is refused in a subscription that Steward does not look after', async () => {
    const { status, body } = await post(aBackend({ subscriptions: [] }), { create });

    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ pointer: '/create/cluster', code: 'out-of-scope' }] });
  });
});

describe('a request that wishes for identities', () => {
  it('has them in the policy of its runs, and leaves the rest as it is', async () => {
    const backend = aBackend();
    const identity = { controlPlane: 'systemAssigned' };

    await post(backend, { clusters: [armId], mode: 'apply', identity });

    const { policy } = backend.services;
    expect(backend.engine.started[0]?.input).toMatchObject({
      shared: {
        policy: { ...policy, identity: { ...policy.identity, ...identity, insist: true } },
      },
    });
  });

  it('is refused with a wish that nobody can grant', async () => {
    const { status, body } = await post(aBackend(), {
      clusters: [armId],
      identity: { controlPlane: 'servicePrincipal' },
    });

    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ pointer: '/identity/controlPlane' }] });
  });

  it('is refused with wishes of which one excludes the other', async () => {
    const { status, body } = await post(aBackend(), {
      clusters: [armId],
      identity: { controlPlane: 'systemAssigned', kubelet: 'own' },
    });

    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ pointer: '/identity/kubelet' }] });
  });
});
