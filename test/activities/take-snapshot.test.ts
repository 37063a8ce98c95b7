import { takeSnapshot } from '../../activities/take-snapshot';
import { toClusterId } from '../../domain/ids';
import { podIdentityFeature } from '../../domain/policy';
import {
  aPolicy,
  clusterId,
  controlPlaneId,
  controlPlanePrincipal,
  identityId,
  nodeSubnet,
  newImage,
} from '../support/clusters';
import { namedFixtures, policyOf, snapshotOf } from '../support/fixtures';
import { asOf, planOnboarding } from '../support/planning';
import { anAzure } from './support/azure';
import {
  aFeature,
  aNetwork,
  aScaleSet,
  aWireAssignment,
  aWireCluster,
  aWirePool,
  anIdentity,
  anOldWireCluster,
  routeTable,
  thePodIdentityAddOn,
} from './support/resources';

const policy = aPolicy();
const nodes = aScaleSet('system', 'kubelet identity');

describe('takeSnapshot', () => {
  it.each(namedFixtures)('reads from Azure what a plan needs: %s', async (_name, fixture) => {
    await using azure = await anAzure(fixture);
    const id = toClusterId(fixture.cluster.id) ?? clusterId;
    const own = policyOf(fixture);

    const snapshot = await azure.value(takeSnapshot, { clusterId: id, policy: own, asOf });

    const { missingIdentities, targetIdentity } = snapshot;
    const known = { ...snapshotOf(fixture), missingIdentities, targetIdentity };
    expect(snapshot.poolsBeforeSwitch).toEqual(known.poolsBeforeSwitch);
    expect(snapshot.routeTables).toEqual(known.links.kubenet ? known.routeTables : []);
    expect(planOnboarding(snapshot, own)).toEqual(planOnboarding(known as never, own));
    expect(await azure.writes()).toEqual([]);
  });

  it('reads the route tables of a kubenet cluster, and of no other', async () => {
    const agentPoolProfiles = [aWirePool('system', { vnetSubnetID: nodeSubnet })];
    const kubenet = { agentPoolProfiles, networkProfile: { networkPlugin: 'kubenet' } };
    await using one = await anAzure([aWireCluster(kubenet), aNetwork(), nodes]);
    await using other = await anAzure([aWireCluster({ agentPoolProfiles }), aNetwork(), nodes]);

    const [kept, left] = [
      await one.value(takeSnapshot, { clusterId, policy, asOf }),
      await other.value(takeSnapshot, { clusterId, policy, asOf }),
    ];

    expect(kept.routeTables).toEqual([routeTable]);
    expect(left.routeTables).toEqual([]);
  });

  it('finds the identity that the policy names, and the roles it has already', async () => {
    const id = identityId('id-aks-orders-cp');
    const agentPoolProfiles = [aWirePool('system', { vnetSubnetID: nodeSubnet })];
    await using azure = await anAzure([
      anOldWireCluster({ agentPoolProfiles }),
      aNetwork(),
      anIdentity(id),
      aWireAssignment('Network Contributor'),
      aWireAssignment('Network Contributor', { principalId: 'somebody-else' }, '2'),
    ]);

    const { targetIdentity, assignments } = await azure.value(takeSnapshot, {
      clusterId,
      policy,
      asOf,
    });

    expect(targetIdentity?.principalId).toBe(controlPlanePrincipal);
    expect(assignments.map(({ scope, principalId }) => ({ scope, principalId }))).toEqual([
      { scope: nodeSubnet, principalId: controlPlanePrincipal },
    ]);
  });

  it('tells pod identities that are gone from those that are in use', async () => {
    await using azure = await anAzure([
      aWireCluster(thePodIdentityAddOn('gone', 'alive')),
      anIdentity(identityId('alive')),
      nodes,
    ]);

    const { missingIdentities } = await azure.value(takeSnapshot, { clusterId, policy, asOf });

    expect(missingIdentities).toEqual([identityId('gone')]);
  });

  it('takes no identity for gone that it may not read', async () => {
    await using azure = await anAzure([aWireCluster(thePodIdentityAddOn('hidden')), nodes]);
    const match = { path: 'userAssignedIdentities/hidden' };
    await azure.fail({ match, answer: { status: 403, code: 'AuthorizationFailed' } });

    const outcome = await azure.call(takeSnapshot, { clusterId, policy, asOf });

    expect(outcome).toMatchObject({ ok: false, failure: { code: 'Forbidden' } });
  });

  it('counts the clusters that still use a forbidden flag, this one included', async () => {
    await using azure = await anAzure([
      nodes,
      aFeature('Registered'),
      aWireCluster(thePodIdentityAddOn('a')),
      { ...aWireCluster(thePodIdentityAddOn('b')), id: `${aWireCluster()['id'] as string}-2` },
      { ...aWireCluster(), id: `${aWireCluster()['id'] as string}-3` },
    ]);

    const { features } = await azure.value(takeSnapshot, { clusterId, policy, asOf });

    expect(features).toEqual({ [podIdentityFeature]: { state: 'Registered', usedBy: 2 } });
  });

  it('takes a flag that Azure does not know for unavailable', async () => {
    await using azure = await anAzure([aWireCluster(), nodes]);

    const { features } = await azure.value(takeSnapshot, { clusterId, policy, asOf });

    expect(features).toEqual({ [podIdentityFeature]: { state: 'Unavailable', usedBy: 0 } });
  });

  it('asks for the newest image of each pool that runs', async () => {
    const stopped = { powerState: { code: 'Stopped' } };
    const agentPoolProfiles = [aWirePool('system'), aWirePool('apps', stopped)];
    await using azure = await anAzure([aWireCluster({ agentPoolProfiles }), nodes]);

    const { latestImages } = await azure.value(takeSnapshot, { clusterId, policy, asOf });

    expect(latestImages).toEqual({ system: newImage });
  });

  it('lists pools whose nodes predate the switch, on every page that Azure gives', async () => {
    const pools = ['system', 'apps', 'batch'];
    await using azure = await anAzure([
      aWireCluster({ agentPoolProfiles: pools.map((name) => aWirePool(name)) }),
      anIdentity(controlPlaneId),
      aScaleSet('system', 'kubelet identity'),
      aScaleSet('apps', 'nothing'),
      aScaleSet('batch', 'nothing'),
    ]);
    await azure.behave({ pageSize: 1 });

    const { poolsBeforeSwitch } = await azure.value(takeSnapshot, { clusterId, policy, asOf });

    expect(poolsBeforeSwitch).toEqual(['apps', 'batch']);
  });

  it('fails for a cluster that is gone', async () => {
    await using azure = await anAzure([anIdentity(controlPlaneId)]);

    const outcome = await azure.call(takeSnapshot, { clusterId, policy, asOf });

    expect(outcome).toMatchObject({
      ok: false,
      failure: { code: 'NotFound', target: clusterId },
    });
  });
});
