import { at, objectsAt, textAt } from '../../simulator/json';
import { drive } from './support/running';
import type { Driven } from './support/running';
import { codeOf } from './support/world';

const subscriptionId = '00000000-0000-4000-8000-000000000001';
const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/aks`;
const topic = `${group}/providers/Microsoft.EventGrid/systemTopics/t`;
const version = 'api-version=2026-06-01';
const eventGrid = 'api-version=2025-02-15';
const quickly = { updateIntervalInMs: 5 };

describe('a cluster that somebody writes', () => {
  let azure: Driven;
  beforeEach(async () => {
    azure = await drive({ scenario: { behaviour: { pollSeconds: 0 } } });
    await azure.control('PUT', 'world', {
      resources: [
        {
          ...{ id: cluster, name: 'aks', location: 'westeurope' },
          identity: { type: 'SystemAssigned', principalId: 'as-it-was-made', tenantId: 't' },
          properties: {
            provisioningState: 'Succeeded',
            powerState: { code: 'Running' },
            servicePrincipalProfile: { clientId: 'msi' },
            agentPoolProfiles: [
              { name: 'system', count: 3, mode: 'System', provisioningState: 'Succeeded' },
            ],
          },
        },
      ],
    });
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  const get = async (path: string) => (await azure.arm('GET', `${path}?${version}`)).body;
  const put = (path: string, body: object) => azure.arm('PUT', `${path}?${version}`, { body });

  it('keeps the principal of its system-assigned identity', async () => {
    const before = await get(cluster);

    await put(cluster, before as object);
    azure.advanceMinutes(10);

    expect(textAt(await get(cluster), 'identity', 'principalId')).toBe('as-it-was-made');
  });

  it.each([
    [cluster, 'InvalidResourceLocation'],
    [group, 'InvalidResourceGroupLocation'],
  ])('stays in its region: %s', async (path, code) => {
    const location = textAt(await get(path), 'location') ?? '';

    const moved = await put(path, { location: 'brazilsouth', properties: {} });
    const spelt = await put(path, { location: location.toUpperCase(), properties: {} });

    expect([moved.status, codeOf(moved.body)]).toEqual([409, code]);
    expect(spelt.status).toBe(200);
  });

  it('lets the SDK follow an abort to its end', async () => {
    const { aks } = azure.clients(subscriptionId);
    await put(`${cluster}/agentPools/extra`, { properties: { count: 1, mode: 'User' } });
    const state = async () =>
      textAt(await get(`${cluster}/agentPools/extra`), 'properties', 'provisioningState');

    const aborted = aks.agentPools.abortLatestOperation('rg', 'aks', 'extra', quickly);
    while ((await state()) === 'Creating');
    azure.simulator.clock.setSpeed(20_000);
    azure.simulator.clock.setMode('running');

    await expect(aborted).resolves.toBeUndefined();
    expect(await state()).toBe('Canceled');
  });

  it('loses the machines that are named, and no others', async () => {
    const pool = `${cluster}/agentPools/system`;
    const machines = objectsAt(await get(`${pool}/machines`), 'value');
    const machineNames = [textAt(machines[0], 'name') ?? ''];

    const wrong = await azure.arm('POST', `${pool}/deleteMachines?${version}`, {
      body: { machineNames: ['none'] },
    });
    const right = await azure.arm('POST', `${pool}/deleteMachines?${version}`, {
      body: { machineNames },
    });
    azure.advanceMinutes(30);

    expect([wrong.status, right.status]).toEqual([400, 202]);
    expect(at(await get(pool), 'properties', 'count')).toBe(2);
  });

  it.each(['three', -5, 1.5])('takes no pool of %s nodes', async (count) => {
    const { status } = await put(`${cluster}/agentPools/extra`, { properties: { count } });

    expect(status).toBe(400);
  });

  it('keeps what it does not know of a system topic and its subscriptions', async () => {
    const unknown = { zUnknown: 1 };
    const topicBody = {
      ...{ location: 'westeurope', ...unknown },
      properties: {
        source: cluster,
        topicType: 'Microsoft.ContainerService.ManagedClusters',
        ...unknown,
      },
    };
    await azure.arm('PUT', `${topic}?${eventGrid}`, { body: topicBody });
    const queue = {
      endpointType: 'StorageQueue',
      properties: { resourceId: '/q', queueName: 'q', ...unknown },
      ...unknown,
    };
    const path = `${topic}/eventSubscriptions/s?${eventGrid}`;
    await azure.arm('PUT', path, {
      body: { ...unknown, properties: { destination: queue, ...unknown } },
    });

    const kept = (await azure.arm('GET', `${topic}?${eventGrid}`)).body;
    const subscription = (await azure.arm('GET', path)).body;

    const places = [[], ['properties']];
    for (const place of places) expect(at(kept, ...place, 'zUnknown')).toBe(1);
    for (const place of [
      ...places,
      ['properties', 'destination'],
      ['properties', 'destination', 'properties'],
    ]) {
      expect(at(subscription, ...place, 'zUnknown')).toBe(1);
    }
  });

  it('is not moved by a clock that is asked too much', async () => {
    await expect(azure.control('POST', 'clock', { advanceSeconds: 1e18 })).rejects.toThrow(
      'advanceSeconds',
    );
    await expect(azure.control('GET', 'clock')).resolves.toMatchObject({ mode: 'stepped' });
  });

  it('is not shown to a query whose subscriptions are no list', async () => {
    const { status } = await azure.arm(
      'POST',
      '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
      { body: { query: 'resources', subscriptions: 'x' } },
    );

    expect(status).toBe(400);
  });
});
