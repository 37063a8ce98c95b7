import { lookUps } from '../../activities/capabilities';
import { existingClusters } from '../../clients/existing-clusters';
import { ownPermissions } from '../../clients/own-permissions';
import { actionOf, lower } from '../activities/support/actions';
import { anAzure } from '../activities/support/azure';
import type { TestAzure } from '../activities/support/azure';
import { aWireCluster } from '../activities/support/resources';
import { clusterId, clusterNamed, subscriptionId } from '../support/clusters';

const looks: Readonly<Record<string, (azure: TestAzure) => Promise<unknown>>> = {
  'the look at own permissions': ({ clients }) =>
    ownPermissions(clients)([`/subscriptions/${subscriptionId}`]),
  // One that Resource Graph knows, and one that it does not.
  'the look for clusters that a request names': ({ clients }) =>
    existingClusters(clients)([clusterId, clusterNamed('aks-typo')]),
};

describe('the ARM actions of what triggers ask themselves', () => {
  it('are declared for every look-up that there is', () => {
    expect(Object.keys(lookUps)).toEqual(Object.keys(looks));
  });

  it.each(Object.entries(looks))('are those that %s uses', async (name, look) => {
    await using azure = await anAzure([aWireCluster()]);

    await look(azure);

    const used = new Set((await azure.calls()).map(actionOf));
    expect(used).toEqual(new Set((lookUps[name] ?? []).map(lower)));
  });
});
