import { pollOperation } from '../../activities/poll-operation';
import { readPool } from '../../activities/read-pool';
import { startNodeImageRoll } from '../../activities/start-node-image-roll';
import type { PoolRoll } from '../../domain/plan/steps';
import { armId, clusterId, newImage, oldImage } from '../support/clusters';
import { anAzure } from './support/azure';
import { aScaleSet, aWireCluster, aWirePool } from './support/resources';

const upgrade = 'POST managedClusters/agentPools/upgradeNodeImageVersion/action';
const rolling = { name: 'apps', from: oldImage, to: newImage, nodes: 3 };
const forImage: PoolRoll = { ...rolling, reason: 'image' };
const forIdentity: PoolRoll = { ...rolling, reason: 'identity' };
const stale = aWireCluster({
  agentPoolProfiles: [aWirePool('system'), aWirePool('apps', { nodeImageVersion: oldImage })],
});
const current = aWireCluster();

describe('startNodeImageRoll', () => {
  it('starts the roll; the pool has the image when the operation ends', async () => {
    await using azure = await anAzure([stale, aScaleSet('apps', 'nothing')]);

    const operation = await azure.value(startNodeImageRoll, { clusterId, pool: forImage });
    const early = await azure.value(pollOperation, { operation });
    azure.advanceMinutes(60);
    const late = await azure.value(pollOperation, { operation });

    expect(operation).toMatchObject({ title: 'node image roll of aks-orders/apps' });
    expect([early.status, late.status]).toEqual(['running', 'succeeded']);
    expect(await azure.value(readPool, { clusterId, pool: 'apps' })).toEqual({
      imageVersion: newImage,
      usesKubeletIdentity: true,
    });
  });

  it('leaves a pool alone that somebody has rolled since the plan', async () => {
    await using azure = await anAzure([current, aScaleSet('apps', 'kubelet identity')]);

    for (const pool of [forImage, forIdentity]) {
      expect(await azure.value(startNodeImageRoll, { clusterId, pool })).toEqual({
        status: 'succeeded',
      });
    }
    expect(await azure.writes()).toEqual([]);
  });

  it('rolls a pool with the newest image whose nodes predate the switch', async () => {
    await using azure = await anAzure([current, aScaleSet('apps', 'nothing')]);

    const operation = await azure.value(startNodeImageRoll, { clusterId, pool: forIdentity });

    expect(operation).toMatchObject({ status: 'running' });
    expect(await azure.writes()).toEqual([upgrade]);
  });

  it('adopts the roll that somebody else has started, and follows it to its end', async () => {
    await using azure = await anAzure([stale]);
    await azure.somebody('POST', `${armId}/agentPools/apps/upgradeNodeImageVersion`);

    const operation = await azure.value(startNodeImageRoll, { clusterId, pool: forImage });
    const early = await azure.value(pollOperation, { operation });
    azure.advanceMinutes(60);
    const late = await azure.value(pollOperation, { operation });

    expect(operation).not.toHaveProperty('url');
    expect([early.status, late.status]).toEqual(['running', 'succeeded']);
    expect(await azure.writes()).toEqual([upgrade]);
  });

  it('reports the reason when the roll of somebody else fails', async () => {
    await using azure = await anAzure([stale]);
    const error = { code: 'QuotaExceeded', message: 'No cores are left.' };
    await azure.fail({ match: { path: 'upgradeNodeImageVersion' }, operation: { error } });
    await azure.somebody('POST', `${armId}/agentPools/apps/upgradeNodeImageVersion`);

    const operation = await azure.value(startNodeImageRoll, { clusterId, pool: forImage });
    azure.advanceMinutes(60);
    const outcome = await azure.call(pollOperation, { operation });

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'QuotaExceeded',
        message: 'The node image roll of aks-orders/apps failed: QuotaExceeded No cores are left.',
        next: 'Raise the quota or lower maxSurge of the pool, then onboard the cluster again.',
        target: `${armId}/agentPools/apps`,
      },
    });
  });

  it('waits while another pool rolls: one disruption at a time', async () => {
    await using azure = await anAzure([stale]);
    await azure.behave({ alreadyCurrent: 'reimage' });
    await azure.somebody('POST', `${armId}/agentPools/system/upgradeNodeImageVersion`);

    const outcome = azure.call(startNodeImageRoll, { clusterId, pool: forImage });

    await expect(outcome).rejects.toMatchObject({
      name: 'TransientError',
      message: 'aks-orders is busy',
    });
    expect(await azure.writes()).toEqual([upgrade]);
  });

  it('rolls a pool whose last roll has failed', async () => {
    const failed = aWirePool('apps', { nodeImageVersion: oldImage, provisioningState: 'Failed' });
    await using azure = await anAzure([
      aWireCluster({ provisioningState: 'Failed', agentPoolProfiles: [failed] }),
    ]);

    const operation = await azure.value(startNodeImageRoll, { clusterId, pool: forImage });

    expect(operation).toMatchObject({ status: 'running' });
  });

  it('fails for a pool that is gone', async () => {
    await using azure = await anAzure([aWireCluster({ agentPoolProfiles: [aWirePool('system')] })]);

    const outcome = await azure.call(startNodeImageRoll, { clusterId, pool: forImage });

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'NotFound',
        message: 'aks-orders has no node pool apps any more.',
        next: 'Onboard the cluster again; the new plan is made from the pools it has now.',
        target: armId,
      },
    });
  });
});
