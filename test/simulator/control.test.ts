import s04 from '../data/clusters/s04-pod-identity-addon.json';
import clean from '../data/scenarios/clean.json';
import { at, objectsAt, textAt } from '../../simulator/json';
import { startSimulator } from '../../simulator';
import { drive } from './support/running';
import { clustersOf, codeOf, parts, worldOf } from './support/world';

const aks = 'api-version=2026-06-01';

describe('the control surface', () => {
  it('is not served without control', async () => {
    const simulator = await startSimulator({ port: 0, control: false, speed: 1 });

    const { status } = await fetch(`${simulator.url}/_simulator/world`);
    await simulator.close();

    expect(status).toBe(404);
  });

  it('gives the world in a form that it takes back', async () => {
    await using azure = await drive({ scenario: clean });
    const world = await worldOf(azure);

    await azure.control('PUT', 'world', world);

    expect(await worldOf(azure)).toEqual(world);
  });

  it('takes a cluster fixture with its context', async () => {
    await using azure = await drive();

    await azure.control('PUT', 'world', s04);
    const { status } = await azure.arm('GET', `${s04.cluster.id}?${aks}`);

    expect(status).toBe(200);
    expect((await clustersOf(azure)).map(({ id }) => id)).toContain(s04.cluster.id);
  });

  it.each([[[]], ['text'], [{ resources: [{ name: 'no id' }] }], [{ a: 1 }]])(
    'refuses %j as a world and keeps the one it has',
    async (body) => {
      await using azure = await drive({ scenario: clean });

      await expect(azure.control('PUT', 'world', body)).rejects.toThrow(/BadRequest/);

      expect(await clustersOf(azure)).toHaveLength(3);
    },
  );

  it.each([
    [{ resources: [{ id: '/a' }, { name: 'no id' }] }, /world\.resources\.1\.id/],
    [{ '/a': { id: 'a' } }, /world\.\/a\.id/],
    [{ given: { fleet: { clusters: [{}] } } }, /fleet\.0\.id/],
  ])('names the place of the mistake in the world %j', async (world, place) => {
    await using azure = await drive();

    await expect(azure.control('PUT', 'world', world)).rejects.toThrow(place);
  });

  it.each([
    ['POST', 'clock', {}],
    ['POST', 'clock', { advanceSecond: 1 }],
    ['POST', 'faults', [{ match: {} }]],
    ['POST', 'faults', [{ match: { path: '(' }, reset: 'after' }]],
    ['PATCH', 'behaviour', { alreadyCurent: 'no-op' }],
    ['POST', 'events/deliver', { event: [] }],
  ])('names the mistake in %s %s %j', async (...[method, path, body]) => {
    await using azure = await drive();

    await expect(azure.control(method, path, body)).rejects.toThrow(/invalid/);
  });

  it('counts calls, and lists accepted writes that asked for the same state again', async () => {
    await using azure = await drive({ scenario: clean });
    const [cluster] = await clustersOf(azure);
    const { subscription, group } = parts(cluster?.id ?? '');
    const path = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-x?api-version=2024-11-30`;
    const put = (tags: object) =>
      azure.arm('PUT', path, { body: { location: 'westeurope', tags } });

    await put({ a: '1', b: '2' });
    await put({ b: '2', a: '1' });
    await put({ a: '2' });
    await azure.arm('GET', path);
    const summary = await azure.control('GET', 'calls?summary=true');

    const repeated = objectsAt(summary, 'repeatedWrites');
    expect(repeated.map(({ method, accepted }) => [method, accepted])).toEqual([['PUT', 2]]);
    expect(objectsAt(summary, 'calls')).toContainEqual(
      expect.objectContaining({ operation: 'userAssignedIdentities/write', status: 200, count: 2 }),
    );
  });

  it('counts calls apart by subscription, whatever its case', async () => {
    await using azure = await drive({ scenario: clean });
    const [cluster] = await clustersOf(azure);
    const { subscription } = parts(cluster?.id ?? '');
    const list = 'resourceGroups?api-version=2025-04-01';

    await azure.arm('GET', `/subscriptions/${subscription}/${list}`);
    await azure.arm('GET', `/subscriptions/${subscription.toUpperCase()}/${list}`);
    await azure.arm('GET', `/subscriptions/other/${list}`);
    await azure.arm('GET', '/subscriptions?api-version=2022-12-01');
    const calls = objectsAt(await azure.control('GET', 'calls?summary=true'), 'calls');

    const counts = new Map(calls.map((call) => [at(call, 'subscription'), at(call, 'count')]));
    expect([counts.get(''), counts.get(subscription), counts.get('other')]).toEqual([1, 2, 1]);
  });

  it('tells a second roll to another image from a repeated one', async () => {
    await using azure = await drive({
      scenario: { ...clean, fleet: { ...clean.fleet, clean: 0 } },
    });
    const [cluster] = await clustersOf(azure);
    const path = `${cluster?.id ?? ''}/agentPools/system/upgradeNodeImageVersion?${aks}`;

    await azure.arm('POST', path);
    azure.advanceMinutes(60);
    await azure.control('PATCH', 'behaviour', {
      images: { 'AKSUbuntu-2204gen2containerd': '202612.01.0' },
    });
    await azure.arm('POST', path);
    const summary = await azure.control('GET', 'calls?summary=true');

    expect(at(summary, 'repeatedWrites')).toEqual([]);
  });
});

describe('fault rules', () => {
  const path = '/subscriptions?api-version=2022-12-01';
  const statuses = async (azure: Awaited<ReturnType<typeof drive>>, count: number) => {
    const found = [];
    for (let index = 0; index < count; index += 1)
      found.push((await azure.arm('GET', path)).status);
    return found;
  };

  it('answer the requests whose turn it is, and no others', async () => {
    await using azure = await drive();
    const answer = { status: 429, code: 'TooManyRequests', retryAfterSeconds: 7 };

    await azure.control('POST', 'faults', [
      { match: { path: '^/subscriptions$' }, nth: 2, count: 2, answer },
    ]);

    expect(await statuses(azure, 4)).toEqual([200, 429, 429, 200]);
  });

  it('say when to come back', async () => {
    await using azure = await drive();
    const answer = { status: 429, code: 'Throttled', envelope: 'aks', retryAfterSeconds: 7 };
    await azure.control('POST', 'faults', [{ answer }]);

    const reply = await azure.arm('GET', path);

    expect(reply.headers.get('retry-after')).toBe('7');
    expect(textAt(reply.body, 'code')).toBe('Throttled');
  });

  it('break the connection after the request was carried out', async () => {
    await using azure = await drive({ scenario: clean });
    const [cluster] = await clustersOf(azure);
    const id = cluster?.id ?? '';
    await azure.control('POST', 'faults', [{ match: { method: 'PATCH' }, reset: 'after' }]);

    const body = { tags: { changed: 'yes' } };
    await expect(azure.arm('PATCH', `${id}?${aks}`, { body })).rejects.toThrow();

    expect(at((await azure.arm('GET', `${id}?${aks}`)).body, 'tags')).toEqual({ changed: 'yes' });
  });

  it('break the connection before anything was done', async () => {
    await using azure = await drive({ scenario: clean });
    const [cluster] = await clustersOf(azure);
    const id = cluster?.id ?? '';
    await azure.control('POST', 'faults', [{ match: { method: 'PATCH' }, reset: 'before' }]);

    const body = { tags: { changed: 'yes' } };
    await expect(azure.arm('PATCH', `${id}?${aks}`, { body })).rejects.toThrow();

    expect(at((await azure.arm('GET', `${id}?${aks}`)).body, 'tags')).not.toEqual(body.tags);
  });

  it('let an operation fail after the minutes they say', async () => {
    await using azure = await drive({ scenario: clean });
    const [cluster] = await clustersOf(azure);
    const error = { code: 'UpgradeFailed', message: 'Drain failed.' };
    await azure.control('POST', 'faults', [
      { match: { operation: 'managedClusters/write' }, operation: { minutes: 90, error } },
    ]);

    await azure.arm('PUT', `${cluster?.id ?? ''}?${aks}`, { body: cluster });
    azure.advanceMinutes(89);
    const early = await azure.arm('GET', `${cluster?.id ?? ''}?${aks}`);
    azure.advanceMinutes(2);
    const late = await azure.arm('GET', `${cluster?.id ?? ''}?${aks}`);

    expect(at(early.body, 'properties', 'provisioningState')).toBe('Updating');
    expect(at(late.body, 'properties', 'provisioningState')).toBe('Failed');
    expect(at(late.body, 'properties', 'status', 'provisioningError', 'code')).toBe(
      'UpgradeFailed',
    );
    expect(codeOf(late.body)).toBeUndefined();
  });
});
