import { toClusterFacts } from '../../domain/arm-cluster';
import { existingClustersQuery, fleetQuery, rowToFacts } from '../../domain/fleet-query';
import { clusterFixture, clusterFixtures } from '../support/fixtures';
import type { ClusterFixture } from '../support/fixtures';

/** What the query makes of a cluster: the columns it projects. */
function rowOf({ cluster }: ClusterFixture): Record<string, unknown> {
  const { id, name, location, identity, properties } = cluster as unknown as Record<
    string,
    unknown
  > & { properties: Record<string, { code?: string; clientId?: string; networkPlugin?: string }> };
  return {
    id,
    name,
    location,
    identity,
    provisioningState: properties['provisioningState'],
    powerState: properties['powerState']?.code,
    kubernetesVersion: properties['currentKubernetesVersion'],
    nodeResourceGroup: properties['nodeResourceGroup'],
    resourceUID: properties['resourceUID'],
    servicePrincipalClientId: properties['servicePrincipalProfile']?.clientId,
    identityProfile: properties['identityProfile'],
    podIdentityProfile: properties['podIdentityProfile'],
    agentPoolProfiles: properties['agentPoolProfiles'],
    networkPlugin: properties['networkProfile']?.networkPlugin,
  };
}

describe('rowToFacts', () => {
  it.each(clusterFixtures.map((fixture) => [fixture.fixture, fixture] as const))(
    'reads a row of %s as ARM would tell it, but for the links it does not carry',
    (_name, fixture) => {
      const { links: fromGraph, ...facts } = rowToFacts(rowOf(fixture));
      const { links: fromArm, ...expected } = toClusterFacts(fixture.cluster);

      expect(facts).toEqual(expected);
      expect(fromGraph.nodeSubnets).toEqual(fromArm.nodeSubnets);
    },
  );

  it('reads the columns that the query projects', () => {
    const projected = Object.keys(rowOf(clusterFixture('s03')));

    expect(projected.filter((column) => !fleetQuery.includes(column))).toEqual([]);
  });

  it('knows a stopped cluster by its power state', () => {
    const row = { ...rowOf(clusterFixture('s02')), powerState: 'Stopped' };

    expect(rowToFacts(row).stopped).toBe(true);
  });

  it('reads a row in which everything but the id is empty', () => {
    const { id, ...row } = rowOf(clusterFixture('s02'));
    const empty = Object.fromEntries(Object.keys(row).map((column) => [column, null]));

    expect(rowToFacts({ ...empty, id })).toMatchObject({ nodePools: [], stopped: false });
  });

  it.each([[{}], [{ id: 7 }], [{ id: '/subscriptions/1' }]])('refuses the row %p', (row) => {
    expect(() => rowToFacts(row)).toThrow();
  });
});

describe('fleetQuery', () => {
  it('sorts by the id that it projects, without which pages are not stable', () => {
    expect(fleetQuery).toMatch(/project id,[^]*order by id asc$/);
  });
});

describe('existingClustersQuery', () => {
  it('asks for the ids as text', () => {
    expect(existingClustersQuery(['/a', '/b'])).toContain("id in~ ('/a', '/b')");
  });

  it('lets nobody end the text early', () => {
    expect(existingClustersQuery([`/a') or true //`])).toContain("id in~ ('/a) or true //')");
  });
});
