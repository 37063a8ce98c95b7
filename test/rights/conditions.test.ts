import { activities } from '../../activities';
import type { Role } from '../../domain/roles/built-in-roles';
import { roles } from '../../domain/roles/built-in-roles';
import type { Outcome } from '../../domain/outcome';
import { anAzure } from '../activities/support/azure';
import type { TestAzure } from '../activities/support/azure';
import { aNetwork, aWireAssignment, aWireCluster } from '../activities/support/resources';
import {
  aRequirement,
  clusterId,
  controlPlanePrincipal,
  nodeSubnet,
  subscriptionId,
} from '../support/clusters';
import { grants, managedIdentityAt } from './support/grants';

const idOf = (name: string) =>
  `${nodeSubnet}/providers/Microsoft.Authorization/roleAssignments/${name}`;

/** A simulated Azure in which Steward may assign and remove roles, each with its condition. */
async function delegating(...names: readonly string[]): Promise<TestAzure> {
  const granted = grants(`/subscriptions/${subscriptionId}`, ['report', ...names]);
  const cluster = aWireCluster();
  const others = [
    aWireAssignment('Contributor', {}, 'broad'),
    aWireAssignment('Owner', {}, 'owner'),
  ];
  const azure = await anAzure([cluster, aNetwork(), ...others, ...granted], managedIdentityAt);
  await azure.behave({ rights: 'enforced' });
  return azure;
}

const assign = ({ call }: TestAzure, role: Role) =>
  call(activities.assignRole, {
    clusterId,
    principalId: '99999999-9999-4999-8999-999999999999',
    requirement: aRequirement({ role, scope: nodeSubnet }),
  });
const remove = ({ call }: TestAzure, role: Role, name: string) =>
  call(activities.removeRole, {
    clusterId,
    assignment: {
      id: idOf(name),
      ...{ principalId: controlPlanePrincipal, role: roles[role], scope: nodeSubnet },
      ...{ why: 'of a test', former: false },
    },
  });

/** What was refused. */
function refused(outcome: Outcome<unknown>): string {
  if (outcome.ok) throw new Error(JSON.stringify(outcome));
  expect(outcome.failure).toMatchObject({ code: 'Forbidden' });
  return (
    /'Microsoft\.Authorization\/roleAssignments\/\w+'/.exec(outcome.failure.message)?.[0] ?? ''
  );
}

describe('an Azure in which the role `roles` is assigned with its condition', () => {
  it('lets Steward assign what clusters need', async () => {
    await using azure = await delegating('roles');

    expect(await assign(azure, 'AcrPull')).toMatchObject({ ok: true, value: { created: true } });
  });

  it.each<Role>(['Contributor', 'Owner', 'Role Based Access Control Administrator'])(
    'refuses to have %s assigned',
    async (role) => {
      await using azure = await delegating('roles');

      const outcome = await assign(azure, role);

      expect(refused(outcome)).toBe("'Microsoft.Authorization/roleAssignments/write'");
      expect(await azure.writes()).toEqual([]);
    },
  );

  it('lets Steward remove what is too much', async () => {
    await using azure = await delegating('roles');

    expect(await remove(azure, 'Contributor', 'broad')).toMatchObject({ ok: true });
    expect(await azure.writes()).toEqual(['DELETE roleAssignments/delete']);
  });

  it('refuses to have an owner removed', async () => {
    await using azure = await delegating('roles');

    const outcome = await remove(azure, 'Owner', 'owner');

    expect(refused(outcome)).toBe("'Microsoft.Authorization/roleAssignments/delete'");
    expect(await azure.resource(idOf('owner'))).toMatchObject({ name: 'owner' });
  });
});

describe('an Azure in which the roles of migrations are assigned with their conditions', () => {
  it.each([
    ['Managed Identity Operator', true],
    ['Virtual Machine Contributor', true],
    ['AcrPull', false],
    ['Contributor', false],
  ] as const)('lets Steward give back %s: %s', async (role, allowed) => {
    await using azure = await delegating('workloadIdentity', 'podIdentityRemoval');

    expect(await assign(azure, role)).toMatchObject({ ok: allowed });
  });
});
