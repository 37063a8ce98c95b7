import { disablePodIdentity } from '../../activities/disable-pod-identity';
import { pollOperation } from '../../activities/poll-operation';
import { armId, clusterId, controlPlaneId, identityId } from '../support/clusters';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import { aWireCluster, anIdentity, thePodIdentityAddOn } from './support/resources';

const request = { clusterId, deadEntries: ['apps/gone', 'apps/lost'] };
const dead = aWireCluster(thePodIdentityAddOn('gone', 'lost'));
const owner = anIdentity(controlPlaneId);

describe('disablePodIdentity', () => {
  it('turns the add-on off with its entries, in one write', async () => {
    await using azure = await anAzure([dead, owner]);

    const operation = await azure.value(disablePodIdentity, request);
    azure.advanceMinutes(6);
    const end = await azure.value(pollOperation, { operation });

    expect(operation).toMatchObject({
      status: 'running',
      title: 'retirement of the pod-identity add-on of aks-orders',
    });
    expect(end).toEqual({ status: 'succeeded' });
    expect(await azure.writes()).toEqual(['PUT managedClusters/write']);
    expect((await azure.resource(armId))['properties']).not.toHaveProperty('podIdentityProfile');
  });

  it('leaves a cluster alone whose add-on is off', async () => {
    await using azure = await anAzure([aWireCluster()]);

    expect(await azure.value(disablePodIdentity, request)).toEqual({ status: 'succeeded' });
    expect(await azure.writes()).toEqual([]);
  });

  it('adopts a retirement that is under way', async () => {
    await using azure = await anAzure([dead, owner]);
    await azure.value(disablePodIdentity, request);

    const adopted = await azure.value(disablePodIdentity, request);
    azure.advanceMinutes(6);

    expect(adopted).toMatchObject({ status: 'running', target: armId });
    expect(await azure.value(pollOperation, { operation: adopted })).toEqual({
      status: 'succeeded',
    });
    expect(await azure.writes()).toEqual(['PUT managedClusters/write']);
  });

  it('touches nothing when somebody has added an entry since the plan', async () => {
    await using azure = await anAzure([
      aWireCluster(thePodIdentityAddOn('gone', 'lost', 'fresh')),
      anIdentity(identityId('fresh')),
    ]);

    expect(await failureIn(azure)).toEqual(inUse('apps/fresh'));
    expect(await azure.writes()).toEqual([]);
  });

  it('touches nothing when the identity of an entry is back', async () => {
    await using azure = await anAzure([dead, anIdentity(identityId('lost'))]);

    expect(await failureIn(azure)).toEqual(inUse('apps/lost'));
    expect(await azure.writes()).toEqual([]);
  });

  it('touches nothing of an entry that was not planned, dead as it may be', async () => {
    await using azure = await anAzure([aWireCluster(thePodIdentityAddOn('gone', 'unplanned'))]);

    expect(await failureIn(azure)).toEqual(inUse('apps/unplanned'));
  });

  it('does not overwrite an entry that is added between reading and writing', async () => {
    await using azure = await anAzure([dead, owner]);
    azure.beforeNext('PUT', () => azure.somebody('PATCH', armId, { tags: { changed: 'yes' } }));

    const outcome = azure.call(disablePodIdentity, request);

    await expect(outcome).rejects.toMatchObject({
      name: 'TransientError',
      message: expect.stringMatching(/^412 PreconditionFailed/) as string,
    });
  });
});

function failureIn(azure: TestAzure): Promise<unknown> {
  return azure.call(disablePodIdentity, request);
}

function inUse(entries: string) {
  return {
    ok: false,
    failure: {
      code: 'PodIdentityInUse',
      message: `aks-orders has pod identities that were not in the plan: ${entries}.`,
      next: 'Move these workloads to Workload ID first, then onboard the cluster again.',
      target: armId,
    },
  };
}
