import fc from 'fast-check';

import { toClusterFacts } from '../../../domain/arm/cluster-facts';
import { nodeSubnets } from '../../../domain/cluster';
import { armId, clusterId, controlPlaneId, kubelet } from '../../support/clusters';
import { clusterFixture, clusterFixtures } from '../../support/fixtures';

function armBody(properties: object = {}, rest: object = {}): object {
  return { id: armId, name: 'aks-orders', location: 'westeurope', properties, ...rest };
}

describe('toClusterFacts', () => {
  it.each(clusterFixtures.map((fixture) => [fixture.fixture, fixture] as const))(
    'reads %s',
    (_name, { cluster }) => {
      const facts = toClusterFacts(cluster);

      expect(facts.armId).toBe(cluster.id);
      expect(facts.id).toBe(cluster.id.toLowerCase());
      expect(facts).toMatchObject({ provisioningState: 'Succeeded', stopped: false });
      expect(facts.nodePools.map(({ imageVersion }) => imageVersion)).not.toContain('');
    },
  );

  it('tells the three kinds of control-plane identity apart', () => {
    const kinds = ['s01', 's02', 's03'].map(
      (name) => toClusterFacts(clusterFixture(name).cluster).controlPlane,
    );

    expect(kinds).toEqual([
      { kind: 'servicePrincipal', clientId: '581cd26e-5287-4a1d-a759-5b42805d4b59' },
      { kind: 'systemAssigned', principalId: '3f9c296f-54a7-498d-a8a9-b3efea1b793f' },
      {
        kind: 'userAssigned',
        resourceId:
          '/subscriptions/4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001/resourceGroups/rg-aks-identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-aks-pay-cp',
        principalId: '0e7f24e5-0f6a-41a3-a42e-4279931bb913',
      },
    ]);
  });

  it.each([
    ['Updating', 'systemAssigned'],
    ['Succeeded', 'systemAssigned'],
    ['Failed', 'servicePrincipal'],
    ['Canceled', 'servicePrincipal'],
  ])('takes a cluster that is %s without a kubelet identity for %s', (provisioningState, kind) => {
    const identity = { type: 'SystemAssigned', principalId: 'a-principal' };
    const body = armBody({ provisioningState }, { identity });

    expect(toClusterFacts(body).controlPlane.kind).toBe(kind);
  });

  it('takes a failed cluster for one on its managed identity once the kubelet has one', () => {
    const identity = { type: 'SystemAssigned', principalId: 'a-principal' };
    const identityProfile = { kubeletidentity: kubelet };
    const body = armBody({ provisioningState: 'Failed', identityProfile }, { identity });

    expect(toClusterFacts(body).controlPlane.kind).toBe('systemAssigned');
  });

  it('reads the entries of the pod-identity add-on', () => {
    const { podIdentity } = toClusterFacts(clusterFixture('s04').cluster);

    expect(podIdentity.enabled).toBe(true);
    expect(podIdentity.entries.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
      'billing/billing',
      'reports/reports',
      'mail/mailer',
    ]);
    expect(podIdentity.entries[0]?.identityId).toMatch(/\/id-billing$/);
  });

  it.each([
    ['no identity at all', {}],
    ['an identity of type None', { identity: { type: 'None' } }],
    ['an identity that is null', { identity: null }],
  ])('takes a cluster with %s for one on a service principal', (_case, identity) => {
    const body = armBody({ servicePrincipalProfile: { clientId: 'an-app' } }, identity);

    expect(toClusterFacts(body).controlPlane).toEqual({
      kind: 'servicePrincipal',
      clientId: 'an-app',
    });
  });

  it.each([
    ['null', null],
    ['nothing', undefined],
    ['an empty object', {}],
  ])('takes a user-assigned identity that Azure describes by %s', (_case, described) => {
    const identity = {
      type: 'UserAssigned',
      userAssignedIdentities: { [controlPlaneId]: described },
    };

    expect(toClusterFacts(armBody({}, { identity })).controlPlane).toEqual({
      kind: 'userAssigned',
      resourceId: controlPlaneId,
      principalId: '',
    });
  });

  it('knows no kubelet identity where Azure names none', () => {
    const body = armBody({ identityProfile: { kubeletidentity: { objectId: 'x' } } });

    expect(toClusterFacts(body)).not.toHaveProperty('kubelet');
  });

  it('reads the kubelet identity of a cluster that has one', () => {
    const body = armBody({ identityProfile: { kubeletidentity: { clientId: 'x', ...kubelet } } });

    expect(toClusterFacts(body).kubelet).toEqual({ ...kubelet, clientId: 'x' });
  });

  it('finds links without doubles, blanks and order', () => {
    const pools = ['/b', '', '/A', '/a', null].map((vnetSubnetID) => ({ vnetSubnetID }));

    expect(nodeSubnets(toClusterFacts(armBody({ agentPoolProfiles: pools })))).toEqual([
      '/a',
      '/b',
    ]);
  });

  it('takes only a private DNS zone of your own for a link', () => {
    const zones = ['system', 'none', '/subscriptions/1/zone'].map((privateDNSZone) => {
      const apiServerAccessProfile = { enablePrivateCluster: true, privateDNSZone };
      return toClusterFacts(armBody({ apiServerAccessProfile })).links.privateDnsZone;
    });

    expect(zones).toEqual([undefined, undefined, '/subscriptions/1/zone']);
  });

  it('links the subnet of the API server only while it is integrated there', () => {
    const subnetOf = (enableVnetIntegration: boolean) =>
      toClusterFacts(armBody({ apiServerAccessProfile: { enableVnetIntegration, subnetId: '/s' } }))
        .links.apiServerSubnet;

    expect([subnetOf(true), subnetOf(false)]).toEqual(['/s', undefined]);
  });

  it.each([
    ['capacityReservationGroupID', 'capacityReservationGroup'],
    ['hostGroupID', 'hostGroup'],
    ['nodePublicIPPrefixID', 'publicIpPrefix'],
  ] as const)('reads the %s of a pool, and nothing where there is none', (member, fact) => {
    const body = armBody({ agentPoolProfiles: [{}, { [member]: '/g' }] });

    expect(toClusterFacts(body).nodePools.map((pool) => pool[fact])).toEqual([undefined, '/g']);
  });

  it('sees whether cluster and pools are stopped, in any letters', () => {
    const powerState = { code: 'stopped' };
    const facts = toClusterFacts(armBody({ powerState, agentPoolProfiles: [{ powerState }, {}] }));

    expect([facts.stopped, ...facts.nodePools.map(({ stopped }) => stopped)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('reads a body in which everything that may be null is null', () => {
    for (const { cluster } of clusterFixtures) {
      const properties = nulled(cluster.properties);
      const facts = toClusterFacts({ ...nulled(cluster), id: cluster.id, properties });

      expect(facts).toMatchObject({ nodePools: [], podIdentity: { enabled: false } });
    }
  });

  it('reads a body whichever members are missing or null', () => {
    const bodies = clusterFixtures.map(({ cluster }) => cluster);
    const seed = fc.infiniteStream(fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(fc.constantFrom(...bodies), seed, (body, dice) => {
        const properties = thinned(body.properties, dice);
        const facts = toClusterFacts({ ...thinned(body, dice), id: body.id, properties });

        expect(facts.id).toBe(body.id.toLowerCase());
      }),
    );
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'a cluster'],
    ['a list', [armBody()]],
    ['a body without an id', { properties: {} }],
    ['a body without properties, which tells nothing', { id: armId }],
    ['a body whose properties are null', { id: armId, properties: null }],
    ['pools that are text', armBody({ agentPoolProfiles: 'system' })],
  ])('refuses %s', (_case, body) => {
    expect(() => toClusterFacts(body)).toThrow();
  });

  it('refuses the body of another resource', () => {
    expect(() => toClusterFacts(armBody({}, { id: `${clusterId}/agentPools/x` }))).toThrow(
      `not a managed cluster: ${clusterId}/agentPools/x`,
    );
  });

  it('reads __proto__ as data', () => {
    const body = JSON.parse(
      JSON.stringify(armBody()).replace('{', '{"__proto__":{"location":"mars"},'),
    ) as unknown;

    expect(toClusterFacts(body).location).toBe('westeurope');
    expect({}).not.toHaveProperty('location');
  });
});

function nulled(value: object): object {
  return Object.fromEntries(Object.keys(value).map((key) => [key, null]));
}

/** The value with some members nulled and some left out, as the dice fall. */
function thinned(value: object, dice: Iterator<number>): object {
  const members = Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    const die: unknown = dice.next().value;
    if (die === 0) return [];
    if (die === 1) return [[key, null]];
    if (Array.isArray(member)) {
      const items: unknown[] = member;
      return [[key, items.map((item) => (isObject(item) ? thinned(item, dice) : item))]];
    }
    return [[key, isObject(member) ? thinned(member, dice) : member]];
  });
  return Object.fromEntries(members) as object;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
