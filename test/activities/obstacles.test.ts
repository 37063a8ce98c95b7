import { activities } from '../../activities';
import type { Outcome } from '../../domain/outcome';
import { armId, clusterId, controlPlaneId, newImage, oldImage } from '../support/clusters';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import {
  aDenial,
  aFeature,
  aLock,
  aWireCluster,
  aWirePool,
  anIdentity,
  anOldWireCluster,
  thePodIdentityAddOn,
} from './support/resources';

interface Change {
  readonly cluster: (properties: object) => ReturnType<typeof aWireCluster>;
  readonly act: (azure: TestAzure) => Promise<Outcome<unknown>>;
}

const identity = { kind: 'userAssigned', resourceId: controlPlaneId } as const;
const addOn = thePodIdentityAddOn('gone');
const stale = { agentPoolProfiles: [aWirePool('apps', { nodeImageVersion: oldImage })] };
const pool = { name: 'apps', reason: 'image', from: oldImage, to: newImage, nodes: 3 } as const;

/** Everything that changes a cluster or its nodes. */
const changes: readonly (readonly [string, Change])[] = [
  [
    'switchIdentity',
    {
      cluster: (properties) => anOldWireCluster({ ...properties }),
      act: ({ call }) => call(activities.switchIdentity, { clusterId, identity }),
    },
  ],
  [
    'disablePodIdentity',
    {
      cluster: (properties) => aWireCluster({ ...addOn, ...properties }),
      act: ({ call }) =>
        call(activities.disablePodIdentity, { clusterId, deadEntries: ['apps/gone'] }),
    },
  ],
  [
    'startNodeImageRoll',
    {
      cluster: (properties) => aWireCluster({ ...stale, ...properties }),
      act: ({ call }) => call(activities.startNodeImageRoll, { clusterId, pool }),
    },
  ],
];
const around = [anIdentity(controlPlaneId), aFeature('Registered')];

describe.each(changes)('%s', (name, { cluster, act }) => {
  it('sends no write to a stopped cluster', async () => {
    const powerState = { code: 'Stopped' };
    await using azure = await anAzure([cluster({ powerState }), ...around]);

    expect(await act(azure)).toEqual({
      ok: false,
      failure: {
        code: 'ClusterStopped',
        message: 'aks-orders was stopped meanwhile, and a stopped cluster takes no changes.',
        next: 'Start the cluster, then onboard it again.',
        target: armId,
      },
    });
    expect(methodsOf(azure)).toEqual(['GET']);
  });

  it('comes back later to a cluster that somebody is changing', async () => {
    await using azure = await anAzure([cluster({ provisioningState: 'Updating' }), ...around]);

    await expect(act(azure)).rejects.toMatchObject({
      name: 'TransientError',
      message: 'aks-orders is busy',
    });
    expect(methodsOf(azure)).toEqual(['GET']);
  });

  it('comes back later when somebody begins between reading and writing', async () => {
    await using azure = await anAzure([cluster({}), ...around]);
    const method = name === 'startNodeImageRoll' ? 'POST' : 'PUT';
    azure.beforeNext(method, () => azure.somebody('POST', `${armId}/stop`));

    await expect(act(azure)).rejects.toMatchObject({ name: 'TransientError' });
    expect(await azure.writes()).toEqual(['POST managedClusters/stop/action']);
  });

  it('leaves a locked cluster as it is and names the lock as the cause', async () => {
    await using azure = await anAzure([cluster({}), ...around, aLock()]);
    const before = await azure.resource(armId);

    const outcome = await act(azure);

    expect(outcome).toMatchObject({
      ok: false,
      failure: {
        code: 'Locked',
        message: expect.stringContaining(`scope(s) are locked: '${armId}'`) as string,
        next: 'Remove the lock that the message names, then onboard the cluster again.',
      },
    });
    expect(await azure.resource(armId)).toEqual(before);
    expect(await azure.writes()).toEqual([]);
  });
});

describe.each(changes.slice(0, 2))('%s', (_name, { cluster, act }) => {
  it('leaves a cluster as it is where policy denies the write, and names the assignment', async () => {
    await using azure = await anAzure([cluster({}), ...around, aDenial()]);
    const before = await azure.resource(armId);

    const outcome = await act(azure);

    expect(outcome).toMatchObject({
      ok: false,
      failure: {
        code: 'DeniedByPolicy',
        message: expect.stringMatching(
          /^Resource 'aks-orders' was disallowed by policy.*no-changes/,
        ) as string,
      },
    });
    expect(await azure.resource(armId)).toEqual(before);
    expect(await azure.writes()).toEqual([]);
  });
});

function methodsOf({ sent }: TestAzure): readonly string[] {
  return [...new Set(sent.map(({ method }) => method))];
}
