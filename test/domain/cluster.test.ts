import { isBusy, isClusterBusy } from '../../domain/cluster';
import { livePodIdentities } from '../../domain/snapshot';
import { aCluster, aPool, identityId, podIdentityWith } from '../support/clusters';

describe('isBusy', () => {
  it.each(['Succeeded', 'Failed', 'Canceled', 'succeeded'])('is over in %s', (state) => {
    expect(isBusy(state)).toBe(false);
  });

  it.each(['Updating', 'Creating', 'UpgradingNodeImageVersion', 'Scaling', 'SomethingNew'])(
    'takes %s for work under way',
    (state) => {
      expect(isBusy(state)).toBe(true);
    },
  );
});

describe('isClusterBusy', () => {
  it('looks at the pools, too', () => {
    const nodePools = [aPool('system'), aPool('apps', { provisioningState: 'Scaling' })];

    expect(isClusterBusy(aCluster({ nodePools }))).toBe(true);
    expect(isClusterBusy(aCluster({ provisioningState: 'Updating' }))).toBe(true);
    expect(isClusterBusy(aCluster())).toBe(false);
  });
});

describe('livePodIdentities', () => {
  it('are the entries whose identity still exists', () => {
    const cluster = aCluster({
      podIdentity: podIdentityWith('id-a', 'id-b'),
      missingIdentities: [identityId('id-a')],
    });

    expect(livePodIdentities(cluster).map(({ name }) => name)).toEqual(['id-b']);
  });
});
