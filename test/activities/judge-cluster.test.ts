import { judgeCluster } from '../../activities/judge-cluster';
import { clusterKey } from '../../domain/ids';
import type { ClusterRecord } from '../../domain/records';
import { aPolicy, armId, clusterId, controlPlaneId } from '../support/clusters';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import {
  aNodeGroupRole,
  aScaleSet,
  aWireCluster,
  aWirePool,
  anIdentity,
  anOldWireCluster,
} from './support/resources';

const key = clusterKey(clusterId);
const asOf = '2026-11-24T08:00:00.000Z';
const request = { clusterId, policy: aPolicy(), afterRun: '', asOf, cause: 'event-1' };
const nodes = [
  aScaleSet('system', 'kubelet identity'),
  aScaleSet('apps', 'kubelet identity'),
  anIdentity(controlPlaneId),
  aNodeGroupRole(),
];

describe('judgeCluster', () => {
  it('stores what is wrong with a cluster, when it was seen and why it was looked at', async () => {
    await using azure = await anAzure([anOldWireCluster()]);

    const result = await azure.value(judgeCluster, request);

    expect(result).toEqual({ deferred: false, findings: 1 });
    expect(await recordOf(azure)).toMatchObject({
      armId,
      status: 'drift',
      findings: [{ rule: 'IDN-001' }],
      unknown: ['ROL-008', 'FTR-004'],
      evaluatedAt: asOf,
      cause: 'event-1',
    });
  });

  it('stores a cluster in order, too', async () => {
    await using azure = await anAzure([aWireCluster(), ...nodes]);

    expect(await azure.value(judgeCluster, request)).toEqual({ deferred: false, findings: 0 });
    expect(await recordOf(azure)).toMatchObject({ status: 'ok', findings: [] });
  });

  it('reads nothing while the run whose echo the event is still works on the cluster', async () => {
    await using azure = await anAzure([anOldWireCluster()]);
    await azure.clients.records.put('claim', key, { owner: 'run_1' });

    const during = await azure.value(judgeCluster, { ...request, afterRun: 'run_1' });
    const unread = await recordOf(azure);
    await azure.clients.records.remove('claim', key);
    const after = await azure.value(judgeCluster, { ...request, afterRun: 'run_1' });

    expect(during).toEqual({ deferred: true, findings: 0 });
    expect(unread).toBeUndefined();
    expect(after).toEqual({ deferred: false, findings: 1 });
  });

  it('tells what the identity of the control plane trusts', async () => {
    const credential = {
      id: `${controlPlaneId}/federatedIdentityCredentials/orders`,
      name: 'orders',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
      properties: {
        issuer: 'https://issuer/',
        subject: 'system:serviceaccount:a:b',
        audiences: [],
      },
    };
    await using azure = await anAzure([aWireCluster(), ...nodes, credential]);

    await azure.value(judgeCluster, request);

    const inventory = await azure.clients.records.get('identities', key);
    expect(JSON.stringify(inventory?.value)).toContain(
      '"federatedCredentials":[{"name":"orders","issuer":"https://issuer/","subject":"system:serviceaccount:a:b"}]',
    );
  });

  it('forgets a cluster that is gone', async () => {
    await using azure = await anAzure([anOldWireCluster()]);
    await azure.value(judgeCluster, request);
    await azure.somebody('DELETE', armId);
    azure.advanceMinutes(10);

    const result = await azure.value(judgeCluster, request);

    expect(result).toEqual({ deferred: false, findings: 0 });
    expect(await recordOf(azure)).toBeUndefined();
  });

  it('remembers a cluster of which only a pool went while it was read', async () => {
    await using azure = await anAzure([anOldWireCluster()]);
    await azure.value(judgeCluster, request);
    await azure.fail({
      match: { path: 'agentPools/apps/upgradeProfiles' },
      answer: { status: 404, code: 'NotFound', envelope: 'aks' },
    });

    const outcome = await azure.call(judgeCluster, request);

    expect(outcome).toMatchObject({ ok: false, failure: { code: 'NotFound' } });
    expect(await recordOf(azure)).toMatchObject({ status: 'drift' });
  });

  it('starts anew with a cluster that was deleted and made again under its name', async () => {
    await using old = await anAzure([anOldWireCluster()]);
    await old.value(judgeCluster, request);
    const before = await recordOf(old);
    const lastRun = { id: 'run_1', state: 'failed' } as const;
    const pools = [aWirePool('system')];
    await using azure = await anAzure([
      aWireCluster({ resourceUID: 'another', agentPoolProfiles: pools }),
      ...nodes,
    ]);
    if (before) await azure.clients.records.put('cluster', key, { ...before, lastRun });

    await azure.value(judgeCluster, request);

    const record = await recordOf(azure);
    expect(before).toBeDefined();
    expect(record).toMatchObject({ status: 'ok', resourceUid: 'another' });
    expect(record).not.toHaveProperty('lastRun');
  });
});

async function recordOf({ clients }: TestAzure): Promise<ClusterRecord | undefined> {
  return (await clients.records.get('cluster', key))?.value;
}
