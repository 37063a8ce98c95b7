import { assignmentName, missingRoles, requiredRoles, roles } from '../../domain/roles';
import type { Role, RoleRequirement } from '../../domain/roles';
import { controlPlaneId, kubelet, nodeSubnet, registry, subscriptionId } from '../support/clusters';
import { aCluster, anAssignment, controlPlanePrincipal } from '../support/clusters';
import { clusterFixtures, snapshotOf } from '../support/fixtures';
import type { ClusterFixture, ExpectedAssignment } from '../support/fixtures';

const known = new Set([
  'RR-SUBNET',
  'RR-PODSUBNET',
  'RR-APISUBNET',
  'RR-ROUTETABLE',
  'RR-PDNSZONE',
  'RR-DES',
  'RR-OUTIP',
  'RR-OUTPREFIX',
  'RR-KUBELET-MIO',
  'RR-ACR',
]);

/** The fixture's requirements of the kinds and roles that Steward assigns. */
function expectedOf({ expected }: ClusterFixture): readonly ExpectedAssignment[] {
  const guids: readonly string[] = Object.values(roles);
  return expected.requiredRoleAssignments.filter(
    ({ requirement, roleDefinitionGuid }) =>
      known.has(requirement) && guids.includes(roleDefinitionGuid),
  );
}

function requiredOf(fixture: ClusterFixture): readonly RoleRequirement[] {
  return requiredRoles(snapshotOf(fixture), fixture.context.policy.registries ?? []);
}

const byName = clusterFixtures.map((fixture) => [fixture.fixture, fixture] as const);
const abacRegistry = 's07-half-migrated';

describe('requiredRoles', () => {
  it.each(byName.filter(([name]) => name !== abacRegistry))(
    'finds what %s needs and no more',
    (_name, fixture) => {
      const found = requiredOf(fixture).map(({ id, role, scope }) => [id, roles[role], scope]);

      expect(new Set(found)).toEqual(
        new Set(
          expectedOf(fixture).map((each) => [
            each.requirement,
            each.roleDefinitionGuid,
            each.scope,
          ]),
        ),
      );
    },
  );

  it('needs nothing for a cluster whose network AKS manages', () => {
    const links = { ...aCluster().links, nodeSubnets: [] };

    expect(requiredRoles(aCluster({ links }), [])).toEqual([]);
  });

  it('leaves out what lies in the node resource group, however it is spelt', () => {
    const scope = kubelet.resourceId.replace('MC_rg-orders', 'mc_RG-ORDERS');
    const links = { ...aCluster().links, nodeSubnets: [scope], outboundAddresses: [scope] };

    expect(requiredRoles(aCluster({ links }), [])).toEqual([]);
  });

  it('does not take a group for the node resource group because its name begins alike', () => {
    const scope = kubelet.resourceId.replace('_westeurope', '_westeurope2');
    const cluster = aCluster({ kubelet: { ...kubelet, resourceId: scope } });

    expect(requiredRoles(cluster, []).map(({ id }) => id)).toContain('RR-KUBELET-MIO');
  });

  it('needs the pull role for the kubelet at every registry of the policy', () => {
    const found = requiredRoles(aCluster(), [registry]).filter(({ id }) => id === 'RR-ACR');

    expect(found).toEqual([
      {
        id: 'RR-ACR',
        principal: 'kubelet',
        role: 'acrPull',
        scope: registry,
        reason: 'nodes pull images from this registry',
      },
    ]);
  });
});

describe('missingRoles', () => {
  it.each(byName)('judges the assignments of %s', (_name, fixture) => {
    const { assignments } = snapshotOf(fixture);
    const states = expectedOf(fixture).map((each) => {
      const requirement = requiredOf(fixture).find(
        ({ id, scope }) => id === each.requirement && scope === each.scope,
      );
      if (!requirement) throw new Error(`${each.requirement} is not required`);
      return missingRoles([requirement], each.principalId, assignments).length > 0;
    });

    expect(states).toEqual(
      expectedOf(fixture).map(({ state }) => state === 'missing' || state === 'subsumed'),
    );
  });

  const subnet: RoleRequirement = {
    id: 'RR-SUBNET',
    principal: 'controlPlane',
    role: 'networkContributor',
    scope: nodeSubnet,
    reason: '',
  };
  const missing = (assignment: ReturnType<typeof anAssignment>, role: Role = subnet.role) =>
    missingRoles([{ ...subnet, role }], controlPlanePrincipal, [assignment]).length === 1;

  it.each([
    ['the subnet', nodeSubnet],
    ['the subnet in other letters', nodeSubnet.toUpperCase()],
    ['the subnet with a slash at its end', `${nodeSubnet}/`],
    ['the virtual network', nodeSubnet.replace('/subnets/snet-nodes', '')],
    ['the resource group', `/subscriptions/${subscriptionId}/resourceGroups/rg-net`],
    ['the subscription', `/subscriptions/${subscriptionId}`],
    ['the root', '/'],
  ])('counts an assignment at %s', (_case, scope) => {
    expect(missing(anAssignment('networkContributor', { scope }))).toBe(false);
  });

  it.each([
    ['a subnet whose name begins alike', { scope: nodeSubnet.slice(0, -1) }],
    ['a subnet below', { scope: `${nodeSubnet}/below` }],
    ['another subscription', { scope: '/subscriptions/4e1f6a52' }],
    ['another principal', { principalId: controlPlaneId }],
    ['a condition', { conditional: true }],
  ])('does not count an assignment with %s', (_case, overrides) => {
    expect(missing(anAssignment('networkContributor', overrides))).toBe(true);
  });

  it.each<[Role, Role, boolean]>([
    ['networkContributor', 'owner', true],
    ['networkContributor', 'contributor', true],
    ['networkContributor', 'reader', false],
    ['networkContributor', 'privateDnsZoneContributor', false],
    ['privateDnsZoneContributor', 'networkContributor', true],
    ['managedIdentityOperator', 'networkContributor', false],
    ['managedIdentityOperator', 'contributor', true],
    ['acrPull', 'acrPush', true],
    ['acrPull', 'reader', false],
    ['contributor', 'owner', true],
    ['owner', 'contributor', false],
  ])('%s is held through %s: %s', (wanted, held, enough) => {
    expect(missing(anAssignment(held), wanted)).toBe(!enough);
  });

  it('compares principals and roles without regard to case', () => {
    const assignment = anAssignment('networkContributor', {
      principalId: controlPlanePrincipal.toUpperCase(),
      role: roles.networkContributor.toUpperCase(),
    });

    expect(missing(assignment)).toBe(false);
  });

  it('counts nothing for an identity that does not exist yet', () => {
    const nobody = anAssignment('networkContributor', { principalId: '' });

    expect(missingRoles([subnet], undefined, [nobody])).toEqual([subnet]);
  });
});

describe('assignmentName', () => {
  const expectedNames = clusterFixtures.flatMap(({ expected }) => expected.requiredRoleAssignments);
  const nameable = expectedNames.flatMap((each) => {
    const role = Object.entries(roles).find(([, guid]) => guid === each.roleDefinitionGuid)?.[0];
    return role === undefined ? [] : [{ ...each, role: role as Role }];
  });

  it('is what a template gives, for every assignment of the fixtures', () => {
    expect(nameable.length).toBeGreaterThan(30);
    expect(
      nameable.map(({ scope, principalId, role }) => assignmentName(scope, principalId, role)),
    ).toEqual(nameable.map((each) => each.assignmentName));
  });

  it('does not depend on how scope and principal are spelt', () => {
    const name = assignmentName(nodeSubnet, controlPlanePrincipal, 'reader');

    expect(assignmentName(`${nodeSubnet.toUpperCase()}/`, controlPlanePrincipal, 'reader')).toBe(
      name,
    );
  });
});
