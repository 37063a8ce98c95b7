import { assignRole } from '../../activities/assign-role';
import { assignmentName } from '../../domain/roles/assignment-name';
import { roles } from '../../domain/roles/built-in-roles';
import type { Role } from '../../domain/roles/built-in-roles';
import type { RoleRequirement } from '../../domain/roles/requirement';
import { clusterId, controlPlanePrincipal, nodeSubnet, subscriptionId } from '../support/clusters';
import { anAzure } from './support/azure';
import { aNetwork, aWireAssignment } from './support/resources';

const requirement: RoleRequirement = {
  id: 'RR-SUBNET',
  principal: 'controlPlane',
  role: 'Network Contributor',
  scope: nodeSubnet,
  why: ['agentPoolProfiles[system].vnetSubnetID'],
  leastPrivilege: ['Microsoft.Network/virtualNetworks/subnets/join/action'],
};
const request = { clusterId, principalId: controlPlanePrincipal, requirement };
const name = assignmentName(nodeSubnet, controlPlanePrincipal, 'Network Contributor');
const id = `${nodeSubnet}/providers/Microsoft.Authorization/roleAssignments/${name}`;
const group = nodeSubnet.slice(0, nodeSubnet.indexOf('/providers/'));

describe('assignRole', () => {
  it('assigns the role under its derived name, to a service principal, with a reason', async () => {
    await using azure = await anAzure([aNetwork()]);

    const answer = await azure.value(assignRole, request);

    expect(answer).toEqual({ created: true });
    expect((await azure.resource(id))['properties']).toMatchObject({
      principalId: controlPlanePrincipal,
      principalType: 'ServicePrincipal',
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roles['Network Contributor']}`,
      scope: nodeSubnet,
      description: 'aks-identity-steward: aks-orders RR-SUBNET',
    });
  });

  it.each<readonly [string, Role, object]>([
    ['under another name', 'Network Contributor', {}],
    ['at the resource group', 'Network Contributor', { scope: group }],
    ['at the subscription', 'Network Contributor', { scope: `/subscriptions/${subscriptionId}` }],
    ['in a wider role', 'Contributor', {}],
    ['in a wider role at a wider scope', 'Owner', { scope: `/subscriptions/${subscriptionId}` }],
  ])('assigns nothing that is there %s', async (_case, role, where) => {
    await using azure = await anAzure([aNetwork(), aWireAssignment(role, { ...where })]);

    expect(await azure.value(assignRole, request)).toEqual({ created: false });
    expect(await azure.writes()).toEqual([]);
  });

  it.each<readonly [string, Role, object]>([
    ['of another principal', 'Network Contributor', { principalId: 'somebody-else' }],
    ['of a narrower role', 'Reader', {}],
    ['at a neighbouring subnet', 'Network Contributor', { scope: `${nodeSubnet}-2` }],
  ])('is not content with an assignment %s', async (_case, role, what) => {
    await using azure = await anAzure([aNetwork(), aWireAssignment(role, { ...what })]);

    expect(await azure.value(assignRole, request)).toEqual({ created: true });
    expect(await azure.writes()).toEqual(['PUT roleAssignments/write']);
  });

  it('is content with the assignment that somebody made between reading and writing', async () => {
    await using azure = await anAzure([aNetwork()]);
    const { properties } = aWireAssignment('Network Contributor');
    const theirs = `${nodeSubnet}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-111111111111`;
    azure.beforeNext('PUT', () => azure.somebody('PUT', theirs, { properties }));

    const answer = await azure.value(assignRole, request);

    expect(answer).toEqual({ created: false });
    expect(await azure.resource(id)).toEqual({});
  });

  it('fails where the assignment that is there has a condition, since Azure takes no second one', async () => {
    const conditional = { condition: '@Resource[x] StringEquals 1', conditionVersion: '2.0' };
    await using azure = await anAzure([
      aNetwork(),
      aWireAssignment('Network Contributor', conditional),
    ]);

    const outcome = await azure.call(assignRole, request);

    expect(outcome).toEqual({
      ok: false,
      failure: {
        code: 'Conflict',
        message: 'The assignment of Network Contributor that is there has a condition.',
        next: 'Remove the condition or the assignment, then onboard the cluster again.',
        target: nodeSubnet,
      },
    });
  });
});
