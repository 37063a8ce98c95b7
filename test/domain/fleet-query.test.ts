import { toClusterFacts } from '../../domain/arm/cluster-facts';
import { existingClustersQuery, fleetQuery, rowToFacts } from '../../domain/fleet-query';
import { clusterFixture, namedFixtures } from '../support/fixtures';
import type { ClusterFixture } from '../support/fixtures';

/** Where the columns come from; all others have the names of their members. */
const renamed: Readonly<Record<string, string>> = {
  powerState: 'powerState.code',
  kubernetesVersion: 'currentKubernetesVersion',
  nodeResourceGroupRestriction: 'nodeResourceGroupProfile.restrictionLevel',
  servicePrincipalClientId: 'servicePrincipalProfile.clientId',
  kms: 'securityProfile.azureKeyVaultKms',
  webAppRouting: 'ingressProfile.webAppRouting',
  networkPlugin: 'networkProfile.networkPlugin',
  outboundType: 'networkProfile.outboundType',
  outboundIPs: 'networkProfile.loadBalancerProfile.outboundIPs',
  outboundIPPrefixes: 'networkProfile.loadBalancerProfile.outboundIPPrefixes',
  bootstrapRegistry: 'bootstrapProfile.containerRegistryId',
};
const copied = [
  'provisioningState',
  'nodeResourceGroup',
  'resourceUID',
  'identityProfile',
  'podIdentityProfile',
  'oidcIssuerProfile',
  'addonProfiles',
  'aadProfile',
  'disableLocalAccounts',
  'enableRBAC',
  'diskEncryptionSetID',
  'apiServerAccessProfile',
  'hostedSystemProfile',
  'agentPoolProfiles',
].map((name): [string, string] => [name, name]);

/** What the query makes of a cluster: the columns it projects. */
function rowOf({ cluster }: ClusterFixture): Record<string, unknown> {
  const { id, name, location, tags, identity, properties } = cluster as unknown as Record<
    string,
    unknown
  >;
  const columns = [...copied, ...Object.entries(renamed)].map(([column, path]) => [
    column,
    path.split('.').reduce<unknown>(memberOf, properties),
  ]);
  return { id, name, location, tags, identity, ...(Object.fromEntries(columns) as object) };
}

function memberOf(value: unknown, name: string): unknown {
  return (value as Readonly<Record<string, unknown>> | undefined)?.[name];
}

describe('rowToFacts', () => {
  it.each(namedFixtures)('reads a row of %s as ARM would tell it', (_name, fixture) => {
    expect(rowToFacts(rowOf(fixture))).toEqual(toClusterFacts(fixture.cluster));
  });

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
