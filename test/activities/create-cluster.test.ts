import { createCluster } from '../../activities/create-cluster';
import { pollOperation } from '../../activities/poll-operation';
import { ownershipTag } from '../../domain/plan/creation-body';
import { armId, clusterId, controlPlaneId } from '../support/clusters';
import { anAzure } from './support/azure';
import { aWireCluster, anIdentity } from './support/resources';

const body = {
  location: 'westeurope',
  tags: { [ownershipTag]: 'run_1' },
  identity: { type: 'UserAssigned', userAssignedIdentities: { [controlPlaneId]: {} } },
  properties: {
    dnsPrefix: 'orders',
    agentPoolProfiles: [{ name: 'system', mode: 'System', count: 3 }],
  },
};
const request = { clusterId, armId, body };

describe('createCluster', () => {
  it('asks once for a cluster, however often it is called', async () => {
    await using azure = await anAzure([anIdentity(controlPlaneId)]);

    await azure.value(createCluster, request);
    const operation = await azure.value(createCluster, request);
    azure.advanceMinutes(20);
    const end = await azure.value(pollOperation, { operation });

    expect(operation).toMatchObject({ status: 'running', title: 'creation of aks-orders' });
    expect(end).toEqual({ status: 'succeeded' });
    expect(await azure.writes()).toEqual(['PUT managedClusters/write']);
    expect((await azure.clients.records.get('undo', 'run_1'))?.value.entries).toEqual([
      { action: 'createCluster', target: armId, before: null },
    ]);
  });

  it.each([
    ['nobody knows whose', {}],
    ['of another run', { tags: { [ownershipTag]: 'run_2' } }],
  ])('leaves a cluster alone that is there, %s', async (_case, top) => {
    await using azure = await anAzure([aWireCluster({}, { ...top }), anIdentity(controlPlaneId)]);

    const outcome = await azure.call(createCluster, request);

    expect(outcome).toMatchObject({ ok: false, failure: { code: 'Conflict', target: armId } });
    expect(await azure.writes()).toEqual([]);
  });

  it('takes nothing over that came into being since it looked', async () => {
    await using azure = await anAzure([anIdentity(controlPlaneId)]);
    azure.beforeNext('PUT', () => azure.somebody('PUT', armId, { ...body, tags: {} }));

    const outcome = await azure.call(createCluster, request).catch((error: unknown) => error);

    expect(outcome).toMatchObject({ name: 'TransientError' });
    expect(await azure.call(createCluster, request)).toMatchObject({
      failure: { code: 'Conflict' },
    });
  });
});
