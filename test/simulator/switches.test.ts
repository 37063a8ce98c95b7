import { at, objectAt } from '../../simulator/json';
import { drive } from './support/running';
import type { Driven } from './support/running';
import { codeOf } from './support/world';

const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
const cluster = `${subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks`;
const feature = `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/F`;
const features = 'api-version=2021-07-01';

describe('a switch of the simulated Azure', () => {
  let azure: Driven;
  beforeEach(async () => {
    azure = await drive();
    await azure.control('PUT', 'world', {
      resources: [
        {
          id: feature,
          name: 'Microsoft.ContainerService/F',
          properties: { state: 'NotRegistered' },
        },
        {
          ...{ id: cluster, name: 'aks', location: 'westeurope', tags: { keep: 'me' } },
          properties: {
            dnsPrefix: 'aks',
            servicePrincipalProfile: { clientId: 'sp' },
            autoScalerProfile: { expander: 'random' },
            agentPoolProfiles: [{ name: 'system', count: 1, mode: 'System' }],
          },
        },
      ],
    });
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  const get = (path: string) => azure.arm('GET', path);
  const put = () =>
    azure.arm('PUT', `${cluster}?api-version=2026-06-01`, {
      body: { location: 'westeurope', properties: { disableLocalAccounts: true } },
    });

  it.each([
    ['merge', { expander: 'random' }, { keep: 'me' }],
    ['replace', undefined, undefined],
  ])('lets a cluster PUT %s', async (clusterPut, profile, tags) => {
    await azure.control('PATCH', 'behaviour', { clusterPut });

    const { body } = await put();

    const properties = objectAt(body, 'properties');
    expect(properties['disableLocalAccounts']).toBe(true);
    expect(properties['autoScalerProfile']).toEqual(profile);
    expect(at(body, 'tags')).toEqual(tags);
    expect(properties['dnsPrefix']).toBe('aks');
    expect(at(body, 'properties', 'agentPoolProfiles')).toMatchObject([{ name: 'system' }]);
  });

  it('takes previews and young api-versions away, as in a sovereign cloud', async () => {
    const before = [
      await get(`${feature}?${features}`),
      await get(`${cluster}?api-version=2026-06-01`),
      await get(`${cluster}?api-version=2025-05-02-preview`),
    ];
    await azure.control('PATCH', 'behaviour', {
      cloud: { previews: false, newestApiVersion: '2025-10-01' },
    });

    const flag = await get(`${feature}?${features}`);
    const young = await get(`${cluster}?api-version=2026-06-01`);
    const preview = await get(`${cluster}?api-version=2025-05-02-preview`);
    const old = await get(`${cluster}?api-version=2025-10-01`);

    expect(before.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([flag.status, codeOf(flag.body)]).toEqual([404, 'FeatureNotFound']);
    expect([young, preview].map(({ body }) => codeOf(body))).toEqual([
      'NoRegisteredProviderFound',
      'NoRegisteredProviderFound',
    ]);
    expect(at(young.body, 'error', 'message')).toContain('2025-10-01');
    expect(old.status).toBe(200);
  });

  it('lets time run with the machine, faster, or stand still', async () => {
    const accelerated = await azure.control('POST', 'clock', { mode: 'accelerated', speed: 5000 });
    const real = await azure.control('POST', 'clock', { mode: 'real' });
    const stepped = await azure.control('POST', 'clock', { mode: 'stepped', advanceSeconds: 60 });
    const later = await azure.control('GET', 'clock');

    expect(accelerated).toMatchObject({ mode: 'running', speed: 5000 });
    expect(real).toMatchObject({ mode: 'running', speed: 1 });
    expect(stepped).toMatchObject({ mode: 'stepped' });
    expect(later).toEqual(stepped);
  });
});
