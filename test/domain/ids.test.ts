import fc from 'fast-check';

import {
  armName,
  canonicalArmId,
  clusterIdParts,
  clusterKey,
  sameArmId,
  sortableId,
  toClusterId,
} from '../../domain/ids';
import { armId, clusterId, clusterNamed } from '../support/clusters';

const name = fc.stringMatching(/^[a-z0-9][-_a-z0-9]{0,62}$/);
const group = fc.stringMatching(/^[-\w.()]{1,90}$/);

describe('toClusterId', () => {
  it.each([
    ['upper case', armId.toUpperCase()],
    ['the older spelling', armId.replace('resourceGroups', 'resourcegroups')],
    ['a trailing slash', `${armId}/`],
  ])('gives one id for %s', (_case, spelling) => {
    expect(toClusterId(spelling)).toBe(clusterId);
  });

  it.each([
    ['nothing', ''],
    ['another resource type', armId.replace('managedClusters', 'fleets')],
    ['another provider', armId.replace('Microsoft.ContainerService', 'Microsoft.Compute')],
    ['a node pool', `${armId}/agentPools/system`],
    ['a relative id', armId.slice(1)],
    ['an absolute URL', `https://management.azure.com${armId}`],
    ['a subscription that is not a GUID', armId.replace('4e1f6a52', 'prod')],
    ['two slashes at the end', `${armId}//`],
    ['a path that climbs', armId.replace('rg-orders', '..%2F..')],
    ['a line break at the end', `${armId}\n`],
    ['a line break within', armId.replace('aks-orders', 'aks\norders')],
    ['a blank', armId.replace('aks-orders', 'aks orders')],
    ['a name that is too long', armId.replace('aks-orders', 'a'.repeat(64))],
    ['a group that is too long', armId.replace('rg-orders', 'a'.repeat(91))],
    ['a name that begins with a hyphen', armId.replace('aks-orders', '-orders')],
  ])('refuses %s', (_case, text) => {
    expect(toClusterId(text)).toBeUndefined();
  });

  it('gives back the parts that an id was made of', () => {
    fc.assert(
      fc.property(fc.uuid(), group, name, (subscriptionId, resourceGroup, cluster) => {
        const id = toClusterId(
          `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters/${cluster}`,
        );

        expect(id && clusterIdParts(id)).toEqual({
          subscriptionId,
          resourceGroup: resourceGroup.toLowerCase(),
          name: cluster,
        });
      }),
    );
  });

  it('never takes an id apart that it did not make', () => {
    expect(() => clusterIdParts(armId as typeof clusterId)).toThrow(`not a cluster id: ${armId}`);
  });
});

describe('clusterKey', () => {
  it('is short, safe in a URL and the same for ever', () => {
    expect(clusterKey(clusterId)).toBe('c_MP227X1KG7CWTFGJ');
  });

  it('tells clusters of different names apart', () => {
    const keys = Array.from({ length: 2000 }, (_, i) => clusterKey(clusterNamed(`aks-${i}`)));

    expect(new Set(keys).size).toBe(2000);
  });
});

describe('sortableId', () => {
  const zeros = new Uint8Array(10);

  it('carries its prefix, the time and the random bytes', () => {
    const id = sortableId(
      'run',
      Date.UTC(2026, 10, 24),
      Uint8Array.from({ length: 10 }, () => 255),
    );

    expect(id).toMatch(/^run_01[0-9A-HJKMNP-TV-Z]{8}Z{16}$/);
  });

  it('sorts by time', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const before = sortableId('run', Math.min(a, b), zeros);
        const after = sortableId('run', Math.max(a, b), zeros);

        expect(before <= after).toBe(true);
        expect(before === after).toBe(a === b);
      }),
    );
  });

  it('differs when a single bit of the random bytes differs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 79 }), (bit) => {
        const flipped = new Uint8Array(10);
        flipped[bit >> 3] = 1 << (bit & 7);

        expect(sortableId('run', 0, flipped)).not.toBe(sortableId('run', 0, zeros));
      }),
    );
  });
});

describe('ARM ids', () => {
  it('are compared without regard to case and trailing slashes', () => {
    expect(sameArmId(`${armId.toUpperCase()}//`, armId)).toBe(true);
    expect(sameArmId(`${armId}2`, armId)).toBe(false);
  });

  it('are named by their last segment', () => {
    expect(armName(armId)).toBe('aks-orders');
    expect(armName('')).toBe('');
  });

  it('are canonical already when they are made canonical twice', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(canonicalArmId(canonicalArmId(text))).toBe(canonicalArmId(text));
      }),
    );
  });
});
