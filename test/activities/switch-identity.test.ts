import { pollOperation } from '../../activities/poll-operation';
import { readCluster } from '../../activities/read-cluster';
import { switchIdentity } from '../../activities/switch-identity';
import { armId, clusterId, controlPlaneId, servicePrincipal } from '../support/clusters';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import { aWireCluster, aWirePool, anIdentity, anOldWireCluster } from './support/resources';

const request = {
  clusterId,
  identity: { kind: 'userAssigned', resourceId: controlPlaneId },
} as const;

describe('switchIdentity', () => {
  it('returns once the write is accepted; the cluster has the identity when the operation ends', async () => {
    await using azure = await anAzure([anOldWireCluster(), anIdentity(controlPlaneId)]);

    const operation = await azure.value(switchIdentity, request);
    const early = await azure.value(pollOperation, { operation });
    azure.advanceMinutes(6);
    const late = await azure.value(pollOperation, { operation });

    expect(operation).toMatchObject({ status: 'running', title: 'identity switch of aks-orders' });
    expect([early.status, late.status]).toEqual(['running', 'succeeded']);
    const { controlPlane, kubelet } = await azure.value(readCluster, { clusterId });
    expect(controlPlane).toMatchObject({ kind: 'userAssigned', resourceId: controlPlaneId });
    expect(kubelet).toBeDefined();
    expect((await azure.resource(armId))['properties']).toMatchObject({
      servicePrincipalProfile: { clientId: 'msi' },
    });
  });

  it('gives a system-assigned identity where that is asked for', async () => {
    await using azure = await anAzure([anOldWireCluster()]);

    await azure.value(switchIdentity, { clusterId, identity: { kind: 'systemAssigned' } });
    azure.advanceMinutes(6);

    const { controlPlane } = await azure.value(readCluster, { clusterId });
    expect(controlPlane).toEqual({
      kind: 'systemAssigned',
      principalId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  it('leaves a cluster alone that has the identity, however its id is spelt', async () => {
    await using azure = await anAzure([aWireCluster(), anIdentity(controlPlaneId)]);

    const resourceId = controlPlaneId.toUpperCase();
    const identity = { kind: 'userAssigned', resourceId } as const;
    const operation = await azure.value(switchIdentity, { clusterId, identity });

    expect(operation).toEqual({ status: 'succeeded' });
    expect(await azure.writes()).toEqual([]);
  });

  it('adopts a switch that is under way, and follows it to its end', async () => {
    await using azure = await anAzure([anOldWireCluster(), anIdentity(controlPlaneId)]);
    await azure.value(switchIdentity, request);

    const adopted = await azure.value(switchIdentity, request);
    const early = await azure.value(pollOperation, { operation: adopted });
    azure.advanceMinutes(6);
    const late = await azure.value(pollOperation, { operation: adopted });

    expect(adopted).toMatchObject({ status: 'running', target: armId });
    expect(adopted).not.toHaveProperty('url');
    expect([early.status, late.status]).toEqual(['running', 'succeeded']);
    expect(await azure.writes()).toEqual(['PUT managedClusters/write']);
  });

  it('repairs a switch that Azure accepted and then failed', async () => {
    await using azure = await anAzure([anOldWireCluster(), anIdentity(controlPlaneId)]);
    await azure.fail(theNextWriteEndsBadly);
    const first = await azure.value(switchIdentity, request);
    azure.advanceMinutes(6);

    const told = await azure.call(pollOperation, { operation: first });
    const second = await azure.value(switchIdentity, request);
    azure.advanceMinutes(6);
    const end = await azure.value(pollOperation, { operation: second });

    expect(told).toMatchObject({ ok: false, failure: { code: 'OperationFailed' } });
    expect(second).toMatchObject({ status: 'running' });
    expect(end).toEqual({ status: 'succeeded' });
    expect((await azure.value(readCluster, { clusterId })).kubelet).toBeDefined();
  });
});

describe('the write of a cluster', () => {
  it('keeps members that this program does not know, also inside of pools', async () => {
    const pools = [aWirePool('system', { futureSetting: { level: 3 } }), aWirePool('apps')];
    const unknown = { futureProfile: { tiers: ['a', null], nested: { on: true } } };
    await using azure = await anAzure([
      anOldWireCluster({ ...unknown, agentPoolProfiles: pools }, { futureTop: [1, { two: 2 }] }),
      anIdentity(controlPlaneId),
    ]);

    await azure.value(switchIdentity, request);

    const body = putBody(azure);
    expect(body).toMatchObject({
      location: 'westeurope',
      tags: { team: 'orders' },
      sku: { name: 'Base', tier: 'Standard' },
      futureTop: [1, { two: 2 }],
      properties: {
        ...unknown,
        dnsPrefix: 'aks-orders-dns',
        agentPoolProfiles: [
          { name: 'system', count: 3, futureSetting: { level: 3 }, upgradeSettings: {} },
          { name: 'apps' },
        ],
      },
    });
  });

  it('changes the identity and nothing else', async () => {
    await using azure = await anAzure([anOldWireCluster(), anIdentity(controlPlaneId)]);
    const before = await azure.resource(armId);

    await azure.value(switchIdentity, request);

    const { identity, properties, ...top } = putBody(azure);
    expect(identity).toEqual({
      type: 'UserAssigned',
      userAssignedIdentities: { [controlPlaneId]: {} },
    });
    expect(properties).toMatchObject({
      servicePrincipalProfile: { clientId: servicePrincipal.clientId },
    });
    expect(before).toMatchObject({ ...top, properties });
  });

  it('leaves out what only Azure writes, above all the image that would roll a pool back', async () => {
    await using azure = await anAzure([anOldWireCluster(), anIdentity(controlPlaneId)]);

    await azure.value(switchIdentity, request);

    const body = putBody(azure);
    const properties = body['properties'] as Readonly<Record<string, unknown>>;
    const [pool] = properties['agentPoolProfiles'] as readonly object[];
    expect(Object.keys(body)).not.toEqual(expect.arrayContaining(['eTag']));
    for (const member of ['provisioningState', 'powerState', 'fqdn', 'currentKubernetesVersion']) {
      expect(properties).not.toHaveProperty(member);
    }
    for (const member of ['nodeImageVersion', 'provisioningState', 'powerState', 'eTag']) {
      expect(pool).not.toHaveProperty(member);
    }
  });

  it('is made on the condition that nobody wrote since', async () => {
    await using azure = await anAzure([anOldWireCluster(), anIdentity(controlPlaneId)]);
    const { eTag } = await azure.resource(armId);

    await azure.value(switchIdentity, request);

    expect(puts(azure)[0]?.headers['if-match']).toBe(eTag);
  });

  it('undoes nothing that somebody changed between reading and writing', async () => {
    await using azure = await anAzure([anOldWireCluster(), anIdentity(controlPlaneId)]);
    azure.beforeNext('PUT', () =>
      azure.somebody('PATCH', armId, { tags: { team: 'somebody-else' } }),
    );

    const refused = azure.call(switchIdentity, request);

    await expect(refused).rejects.toMatchObject({ name: 'TransientError' });
    await expect(azure.value(switchIdentity, request)).resolves.toMatchObject({
      status: 'running',
    });
    expect(await azure.resource(armId)).toMatchObject({ tags: { team: 'somebody-else' } });
  });
});

const theNextWriteEndsBadly = {
  match: { operation: 'managedClusters/write' },
  operation: { error: { code: 'InternalOperationError', message: 'Something broke.' } },
};

function puts({ sent }: TestAzure) {
  return sent.filter(({ method }) => method === 'PUT');
}

function putBody(azure: TestAzure) {
  return puts(azure)[0]?.body ?? {};
}
