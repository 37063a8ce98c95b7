import type { PodIdentityChange } from '../../domain/pod-identity/change';
import { podIdentityFeature } from '../../domain/policy';
import type { JsonObject } from '../../simulator/json';
import { anAzure } from '../activities/support/azure';
import { aWirePool, anOldWireCluster } from '../activities/support/resources';
import { aPolicy, identityId, servicePrincipal } from '../support/clusters';
import {
  aChange,
  enabling,
  orders,
  ordersIdentity,
  refusal,
  withAddOn,
  withoutAddOn,
} from './on-azure';

const place = { name: 'orders', namespace: 'apps' };

describe('enabling pod identity is refused', () => {
  it.each<readonly [string, JsonObject[], string]>([
    [
      'for a cluster on a service principal',
      [
        ...withoutAddOn().slice(1),
        anOldWireCluster({ servicePrincipalProfile: { clientId: servicePrincipal.clientId } }),
      ],
      'Unsupported: aks-orders acts as a service principal, and the add-on needs a managed identity.',
    ],
    [
      'with a pool in an availability set',
      withoutAddOn({ agentPoolProfiles: [aWirePool('system', { type: 'AvailabilitySet' })] }),
      'Unsupported: The add-on needs scale sets under every node pool of aks-orders; these have none: system.',
    ],
    [
      'without a Linux pool',
      withoutAddOn({ agentPoolProfiles: [aWirePool('system', { osType: 'Windows' })] }),
      'Unsupported: aks-orders has no Linux node pool, and the add-on runs on Linux only.',
    ],
    [
      'below Kubernetes 1.26',
      withoutAddOn({ kubernetesVersion: '1.25.11', currentKubernetesVersion: '1.25.11' }),
      'Unsupported: aks-orders runs Kubernetes 1.25.11; the add-on needs 1.26 or newer.',
    ],
    [
      'without a network plugin of Azure',
      withoutAddOn({ networkProfile: { networkPlugin: 'none' } }),
      'Unsupported: aks-orders has the network plugin none; the add-on needs Azure CNI.',
    ],
    [
      'under kubenet without consent',
      withoutAddOn({ networkProfile: { networkPlugin: 'kubenet' } }),
      'Unsupported: aks-orders runs kubenet, under which a pod can take the address of another one and get its tokens.',
    ],
    [
      'for a stopped cluster',
      withoutAddOn({ powerState: { code: 'Stopped' } }),
      'ClusterStopped: aks-orders is stopped, and a stopped cluster takes no changes.',
    ],
  ])('%s', async (_why, world, message) => {
    await using azure = await anAzure(world);

    expect(await refusal(azure, enabling)).toBe(message);
  });

  it('where the policy forbids the flag', async () => {
    await using azure = await anAzure(withoutAddOn());
    const policy = aPolicy({ features: { forbidden: [podIdentityFeature] } });

    expect(await refusal(azure, enabling, { policy })).toMatch(/^DeniedByPolicy: /);
  });

  it('once the day is over until which it was to be accepted', async () => {
    await using azure = await anAzure(withoutAddOn());
    const late = aChange('enable', { acceptUnsupported: true, expires: '2026-11-23' });

    expect(await refusal(azure, late)).toMatch(/^InvalidInput: .*2026-11-23, which is over\.$/);
  });
});

describe('a change of pod identities is refused', () => {
  const entry = { ...place, identity: ordersIdentity };
  const add = (identityName: string, more = {}) =>
    aChange('add', { identities: [{ ...place, identityId: identityId(identityName), ...more }] });

  it.each<readonly [string, JsonObject[], PodIdentityChange, RegExp]>([
    [
      'while the add-on is off',
      withoutAddOn(),
      add('orders'),
      /^NotFound: The pod-identity add-on of aks-orders is off/,
    ],
    [
      'for an identity that does not exist',
      withAddOn(),
      add('nobody'),
      /^NotFound: There is no identity .*nobody/,
    ],
    [
      'for another identity under a name that is taken',
      withAddOn({ userAssignedIdentities: [entry] }),
      add('billing'),
      /^Conflict: apps\/orders is there already, for .*orders: Azure takes no two/,
    ],
    [
      'for another selector by an addition',
      withAddOn({ userAssignedIdentities: [entry] }),
      add('orders', { selector: 'x' }),
      /^Conflict: The pod identity apps\/orders is there already/,
    ],
    [
      'as an update of what is not there',
      withAddOn(),
      aChange('update', { identities: [{ ...place, selector: 'x' }] }),
      /^NotFound: There is no pod identity apps\/orders/,
    ],
    [
      'as an update of an exception that is not there',
      withAddOn(),
      aChange('updateException', { exceptions: [{ ...place, podLabels: { a: 'b' } }] }),
      /^NotFound: There is no exception/,
    ],
    [
      'as an edit of what AKS keeps',
      withAddOn(),
      aChange('deleteException', {
        exceptions: [{ name: 'aks-addon-exception', namespace: 'kube-system' }],
      }),
      /^Conflict: kube-system\/aks-addon-exception is AKS's own/,
    ],
    [
      'while an entry is dead',
      withAddOn({
        userAssignedIdentities: [
          { ...place, name: 'gone', identity: { resourceId: identityId('gone') } },
        ],
      }),
      add('orders'),
      /^Conflict: Azure refuses every write .*: apps\/gone\.$/,
    ],
    [
      'as a retirement of what is in use and not named',
      withAddOn({ userAssignedIdentities: [entry] }),
      aChange('disable', {}),
      /^PodIdentityInUse: .*apps\/orders\.$/,
    ],
  ])('%s', async (...[, world, change, words]) => {
    await using azure = await anAzure(world);

    expect(await refusal(azure, change)).toMatch(words);
  });

  it.each(['pod identities', 'exceptions'])('beyond 200 %s', async (what) => {
    const many = Array.from({ length: 200 }, (_, i) => ({ name: `n${i}`, namespace: 'apps' }));
    const isException = what === 'exceptions';
    await using azure = await anAzure(
      withAddOn(
        isException
          ? {
              userAssignedIdentityExceptions: many.map((one) => ({
                ...one,
                podLabels: { a: 'b' },
              })),
            }
          : { userAssignedIdentities: many.map((one) => ({ ...one, identity: ordersIdentity })) },
      ),
    );
    const change = isException
      ? aChange('addException', { exceptions: [{ ...place, podLabels: { a: 'b' } }] })
      : aChange('add', { identities: [{ ...place, identityId: orders }] });

    expect(await refusal(azure, change)).toBe(
      `QuotaExceeded: The cluster would have 201 ${what}; Azure takes 200.`,
    );
  });
});
