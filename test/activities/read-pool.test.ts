import { readPool } from '../../activities/read-pool';
import { clusterId, newImage } from '../support/clusters';
import { anAzure } from './support/azure';
import { aScaleSet, aWireCluster, anOldWireCluster } from './support/resources';

const request = { clusterId, pool: 'apps' };
const system = aScaleSet('system', 'kubelet identity');

describe('readPool', () => {
  it('tells nodes that carry the kubelet identity from those that do not', async () => {
    await using rolled = await anAzure([
      aWireCluster(),
      system,
      aScaleSet('apps', 'kubelet identity'),
    ]);
    await using before = await anAzure([aWireCluster(), system, aScaleSet('apps', 'nothing')]);

    const [one, other] = [
      await rolled.value(readPool, request),
      await before.value(readPool, request),
    ];

    expect(one).toEqual({ imageVersion: newImage, usesKubeletIdentity: true });
    expect(other).toEqual({ imageVersion: newImage, usesKubeletIdentity: false });
  });

  it('finds no node of a cluster on a service principal to use a kubelet identity', async () => {
    await using azure = await anAzure([anOldWireCluster(), aScaleSet('apps', 'nothing')]);

    expect(await azure.value(readPool, request)).toMatchObject({ usesKubeletIdentity: false });
  });

  it('reads no image of a pool that is gone', async () => {
    await using azure = await anAzure([aWireCluster(), system]);

    const { imageVersion } = await azure.value(readPool, { clusterId, pool: 'gone' });

    expect(imageVersion).toBe('');
  });
});
