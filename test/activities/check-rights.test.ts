import { activities } from '../../activities';
import { sideEffects } from '../../domain/plan/steps';
import type { Step } from '../../domain/plan/steps';
import type { JsonObject } from '../../simulator/json';
import { managedIdentityAt, steward } from '../rights/support/grants';
import {
  aRequirement,
  armId,
  clusterId,
  controlPlaneId,
  nodeSubnet,
  subscriptionId,
} from '../support/clusters';
import { anAzure } from './support/azure';
import type { TestAzure } from './support/azure';
import { aRollPlan } from './support/case-worlds';
import { aNetwork, aWireCluster, aWirePool, anIdentity } from './support/resources';

const subscription = `/subscriptions/${subscriptionId}`;
const group = armId.slice(0, armId.indexOf('/providers/'));
const nodes = `${subscription}/resourceGroups/MC_rg-orders_aks-orders_westeurope`;
const network = nodeSubnet.slice(0, nodeSubnet.indexOf('/providers/'));

interface Grant {
  readonly at: string;
  readonly actions: readonly string[];
  readonly notActions?: readonly string[];
}

const look = { at: subscription, actions: ['Microsoft.Authorization/permissions/read', '*/read'] };

/** An Azure that enforces rights, where Steward has these. */
async function granting(...given: readonly Grant[]): Promise<TestAzure> {
  const roles = given.flatMap(({ at, ...permission }, n): JsonObject[] => {
    const name = `aaaaaaaa-aaaa-4aaa-8aaa-${String(n).padStart(12, '0')}`;
    const below = `${at}/providers/Microsoft.Authorization`;
    const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
    return [
      {
        ...{ id: roleDefinitionId, name, type: 'Microsoft.Authorization/roleDefinitions' },
        properties: { roleName: name, permissions: [permission], assignableScopes: ['/'] },
      },
      {
        ...{ id: `${below}/roleAssignments/${name}`, name },
        type: 'Microsoft.Authorization/roleAssignments',
        properties: { principalId: steward, roleDefinitionId, scope: at },
      },
    ];
  });
  const pool = aWirePool('apps', { vnetSubnetID: nodeSubnet });
  const cluster = aWireCluster({ agentPoolProfiles: [pool] });
  const world = [cluster, anIdentity(controlPlaneId), aNetwork(), ...roles];
  const azure = await anAzure(world, managedIdentityAt);
  await azure.behave({ rights: 'enforced' });
  return azure;
}

/** The message of the refusal of a plan with these steps; nothing when it may be carried out. */
async function refusal(azure: TestAzure, ...steps: readonly Step[]): Promise<string | undefined> {
  const stored = { ...aRollPlan, steps: steps.map((step) => ({ ...step, ...sideEffects(step) })) };
  await azure.clients.records.put('plan', 'pl_1', stored);
  const outcome = await azure.call(activities.checkRights, { clusterId, planId: 'pl_1' });
  if (outcome.ok) return undefined;
  expect(outcome.failure).toMatchObject({
    code: 'Forbidden',
    next: expect.stringMatching(/^Grant /) as string,
  });
  expect(await azure.writes()).toEqual([]);
  return outcome.failure.message;
}

const lacks = (list: string) => `Steward's identity lacks ${list}; what needs it was not begun.`;
const roll = 'Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action';
const rolling: Step = {
  kind: 'rollNodeImages',
  pools: [{ name: 'apps', reason: 'image', from: 'a', to: 'b', nodes: 3 }],
};
const retiring: Step = { kind: 'retirePodIdentity', deadEntries: [] };
const write = 'Microsoft.ContainerService/managedClusters/write';
const join = 'Microsoft.Network/virtualNetworks/subnets/join/action';
const assign = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';

describe('the check of rights before a plan', () => {
  it.each([
    ['the subscription', subscription],
    ['the group of the cluster', group],
    ['the cluster', armId],
  ])('finds a right on the cluster that was granted at %s', async (_where, at) => {
    await using azure = await granting(look, { at, actions: [roll] });

    expect(await refusal(azure, rolling)).toBeUndefined();
  });

  it('does not count what was granted elsewhere', async () => {
    await using azure = await granting(look, { at: network, actions: [roll] });

    expect(await refusal(azure, rolling)).toBe(lacks(`${roll} at ${armId}`));
  });

  it('does not count what the role takes away again', async () => {
    await using azure = await granting(look, {
      ...{ at: subscription, actions: ['Microsoft.ContainerService/*'] },
      notActions: ['*/upgradeNodeImageVersion/action'],
    });

    expect(await refusal(azure, rolling)).toBe(lacks(`${roll} at ${armId}`));
  });

  it('counts what one role takes away and another gives', async () => {
    const all = { at: subscription, actions: ['*'] };
    await using azure = await granting(
      { ...all, notActions: ['*/action'] },
      { at: group, actions: [roll] },
    );

    expect(await refusal(azure, rolling)).toBeUndefined();
  });

  it('names all that is missing on the cluster and on what a write of it is linked to', async () => {
    await using azure = await granting(look);

    expect(await refusal(azure, retiring)).toBe(
      lacks(`${write} at ${armId}, ${assign} at ${controlPlaneId}, ${join} at ${nodeSubnet}`),
    );
  });

  it('finds rights on linked resources where they are', async () => {
    await using azure = await granting(
      look,
      { at: group, actions: [write, assign] },
      { at: network, actions: [join] },
    );

    expect(await refusal(azure, retiring)).toBeUndefined();
  });

  it('asks for the identity that the cluster is to have, not for the one that it leaves', async () => {
    const resourceId = controlPlaneId.replace('id-aks-orders-cp', 'id-new');
    await using azure = await granting(
      look,
      { at: armId, actions: [write] },
      { at: network, actions: [join] },
    );

    const message = await refusal(azure, {
      ...{ kind: 'enableManagedIdentity', from: 'userAssigned', roles: [] },
      identity: { kind: 'userAssigned', resourceId },
    });

    expect(message).toBe(lacks(`${assign} at ${resourceId}`));
  });

  it('asks for role assignments where they are to be made', async () => {
    const assigning = 'Microsoft.Authorization/roleAssignments/write';
    await using azure = await granting(look, { at: group, actions: [assigning] });
    const roles = [aRequirement({ scope: nodeSubnet }), aRequirement({ scope: controlPlaneId })];

    const message = await refusal(azure, { kind: 'assignRoles', principal: 'controlPlane', roles });

    expect(message).toBe(lacks(`${assigning} at ${nodeSubnet}`));
  });

  it('asks where an identity will be, in a group that does not exist yet', async () => {
    const resourceId = `${subscription}/resourceGroups/rg-new/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
    const making = 'Microsoft.ManagedIdentity/userAssignedIdentities/write';
    const step: Step = {
      ...{ kind: 'createIdentity', principal: 'controlPlane', location: 'westeurope' },
      resourceId,
    };
    await using poor = await granting(look);
    await using rich = await granting(look, { at: subscription, actions: [making] });

    expect(await refusal(poor, step)).toBe(lacks(`${making} at ${resourceId}`));
    expect(await refusal(rich, step)).toBeUndefined();
  });

  it('says that it may not look when it may not', async () => {
    await using azure = await granting({
      ...{ at: subscription, actions: ['*'] },
      notActions: ['Microsoft.Authorization/permissions/read'],
    });

    expect(await refusal(azure, rolling)).toContain(
      "does not have authorization to perform action 'Microsoft.Authorization/permissions/read'",
    );
  });

  it('looks further down where it may not look at the subscription', async () => {
    await using azure = await granting(
      { at: group, actions: ['*'] },
      { at: nodes, actions: ['*'] },
    );

    const message = await refusal(azure, rolling);

    // Operations of AKS are those of the subscription.
    expect(message).toContain('Microsoft.Authorization/permissions/read');
    expect(message).toContain(`over scope '${subscription}/`);
  });

  it('does not take a plan that is not stored for one that asks for nothing', async () => {
    await using azure = await granting({ at: subscription, actions: ['*'] });

    const outcome = await azure.call(activities.checkRights, { clusterId, planId: 'pl_2' });

    expect(outcome).toMatchObject({
      ok: false,
      failure: { code: 'NotFound', message: 'The plan pl_2 is not stored.' },
    });
  });

  it('asks nothing of Azure for a plan without steps', async () => {
    await using azure = await granting();

    expect(await refusal(azure)).toBeUndefined();
    expect(await azure.calls()).toEqual([]);
  });

  it('asks each scope once, and none that a wider one has answered for', async () => {
    await using azure = await granting({ at: subscription, actions: ['*'] });

    await refusal(azure, rolling, retiring, rolling);

    const asked = (await azure.calls()).map(({ operation }) => operation);
    expect(asked).toEqual(['managedclusters/read', 'permissions/list']);
  });
});
