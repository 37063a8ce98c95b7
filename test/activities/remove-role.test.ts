import { removeRole } from '../../activities/remove-role';
import { roles } from '../../domain/roles/built-in-roles';
import { clusterId, controlPlanePrincipal, nodeSubnet } from '../support/clusters';
import { anAzure } from './support/azure';
import { aNetwork, aWireAssignment, aWireCluster } from './support/resources';

const former = '55555555-5555-4555-8555-555555555555';
const id = `${nodeSubnet}/providers/Microsoft.Authorization/roleAssignments/1`;
const assignment = {
  id,
  principalId: former,
  role: roles.Contributor,
  scope: nodeSubnet,
  why: 'it was replaced',
  former: true,
};
const world = [aNetwork(), aWireCluster(), aWireAssignment('Contributor', { principalId: former })];

describe('removeRole', () => {
  it('removes the assignment and writes down what it said', async () => {
    await using azure = await anAzure(world);

    const first = await azure.value(removeRole, { clusterId, assignment });
    const again = await azure.value(removeRole, { clusterId, assignment });

    expect([first, again]).toEqual([{ removed: true }, { removed: false }]);
    expect(await azure.resource(id)).toEqual({});
    expect((await azure.clients.records.get('undo', 'run_1'))?.value.entries).toMatchObject([
      {
        action: 'removeRole',
        target: id,
        before: { scope: nodeSubnet, principalId: former, role: roles.Contributor },
      },
    ]);
  });

  it.each([
    ['another role', { role: roles.Owner }],
    ['another principal', { principalId: controlPlanePrincipal }],
  ])('leaves an assignment alone that says %s than the plan', async (_case, planned) => {
    await using azure = await anAzure(world);

    const outcome = await azure.call(removeRole, {
      clusterId,
      assignment: { ...assignment, ...planned },
    });

    expect(outcome).toMatchObject({ ok: false, failure: { code: 'Conflict', target: id } });
    expect(await azure.writes()).toEqual([]);
  });

  it('leaves a principal its rights that the cluster acts as again', async () => {
    const own = { ...assignment, principalId: controlPlanePrincipal };
    await using azure = await anAzure([aNetwork(), aWireCluster(), aWireAssignment('Contributor')]);

    const outcome = await azure.call(removeRole, { clusterId, assignment: own });
    const excess = await azure.value(removeRole, {
      clusterId,
      assignment: { ...own, former: false },
    });

    expect(outcome).toMatchObject({ ok: false, failure: { code: 'Conflict' } });
    expect(excess).toEqual({ removed: true });
  });
});
