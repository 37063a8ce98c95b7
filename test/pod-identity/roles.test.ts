import { roles } from '../../domain/roles/built-in-roles';
import type { JsonObject } from '../../simulator/json';
import { anAzure } from '../activities/support/azure';
import type { TestAzure } from '../activities/support/azure';
import { aWireCluster } from '../activities/support/resources';
import { armIdOf, controlPlanePrincipal, nodeGroup, subscriptionId } from '../support/clusters';
import { assign } from '../support/documented-commands';
import {
  aChange,
  ask,
  billing,
  endState,
  orders,
  ordersIdentity,
  ordersPrincipal,
  planOf,
  rolesIn,
  withAddOn,
} from './on-azure';

const place = { name: 'orders', namespace: 'apps' };
const adding = (more: object = {}) =>
  aChange('add', { identities: [{ ...place, identityId: orders, ...more }] });
const deleting = aChange('delete', { identities: [place] });
const operator = (scope: string) => `cluster ${roles['Managed Identity Operator']} ${scope}`;
const demo = `${ordersPrincipal} ${roles['Virtual Machine Contributor']} ${nodeGroup}`;
const twinWith = (profile: JsonObject = {}): JsonObject =>
  aWireCluster(
    { podIdentityProfile: { enabled: true, ...profile } },
    { id: armIdOf('aks-twin'), name: 'aks-twin' },
  );
const writesOfRoles = async (azure: TestAzure) =>
  (await azure.writes()).filter((write) => write.includes('roleAssignments'));

describe('the role of the cluster on an identity', () => {
  it('comes before the entry, under the name and words that Steward gives', async () => {
    await using azure = await anAzure(withAddOn());

    await ask(azure, adding());

    const { steps } = await planOf(azure);
    expect(steps.map(({ kind }) => kind)).toEqual(['assignRoles', 'changePodIdentities']);
    const { roleAssignments } = await azure.clients.authorization(subscriptionId);
    const found: (string | undefined)[] = [];
    for await (const one of roleAssignments.listForScope(orders.slice(1))) {
      if (one.scope === orders) found.push(one.description);
    }
    expect(found).toEqual(['aks-identity-steward: aks-orders RR-PODID-MIO']);
  });

  it.each([
    ['the identity', orders],
    ['its resource group', orders.slice(0, orders.indexOf('/providers/'))],
    ['the subscription', `/subscriptions/${subscriptionId}`],
  ])('is not given again where the cluster has it at %s', async (_where, scope) => {
    await using azure = await anAzure(withAddOn());
    const principalId = controlPlanePrincipal;
    await assign(azure, { role: 'Managed Identity Operator', scope, principalId });
    azure.advanceMinutes(10);

    const outcome = await ask(azure, adding());

    expect(outcome).toMatchObject({ value: { state: 'succeeded', applied: 1 } });
    expect(await writesOfRoles(azure)).toHaveLength(1);
  });

  it('is waited for while Azure does not honour it, by asking and not by the clock', async () => {
    await using azure = await anAzure(withAddOn());
    await azure.behave({ roleEffectMinutes: 8 });

    const outcome = await ask(azure, adding());

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    const refused = (await azure.calls()).filter(
      ({ status, method }) => status === 400 && method === 'PUT',
    );
    expect(refused).toHaveLength(8);
  });

  it('is given up after ten minutes, with what Azure said', async () => {
    await using azure = await anAzure(withAddOn());
    await azure.behave({ roleEffectMinutes: 60 });

    const outcome = await ask(azure, adding());

    expect(outcome).toMatchObject({
      value: {
        state: 'failed',
        failure: { code: 'Conflict', message: expect.stringContaining(orders) as string },
      },
    });
  });

  it('is not waited for where Azure means another identity', async () => {
    await using azure = await anAzure(withAddOn());
    const other = {
      code: 'PodIdentityAddonIdentitiesAssignmentError',
      message: `No permission over ${billing}.`,
    };
    await azure.fail({
      match: { operation: 'managedClusters/write' },
      count: 99,
      answer: { status: 400, ...other },
    });

    const outcome = await ask(azure, adding());

    expect(outcome).toMatchObject({ value: { state: 'failed', failure: { code: 'Conflict' } } });
    expect((await azure.calls()).filter(({ status }) => status === 400)).toHaveLength(1);
  });

  it('is waited for also where Azure takes the write, and fails over it afterwards', async () => {
    await using azure = await anAzure(withAddOn());
    const error = {
      code: 'PodIdentityAddonIdentitiesAssignmentError',
      message: `No permission over ${orders}.`,
    };
    await azure.fail({
      match: { operation: 'managedClusters/write' },
      nth: 1,
      operation: { minutes: 2, error },
    });

    const outcome = await ask(azure, adding());

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(await endState(azure)).toMatchObject({
      provisioningState: 'Succeeded',
      podIdentityProfile: { userAssignedIdentities: [{ ...place, provisioningState: 'Assigned' }] },
    });
  });
});

describe('after a pod identity is deleted', () => {
  it('the role goes that Steward gave, last of all', async () => {
    await using azure = await anAzure(withAddOn());
    const before = await rolesIn(azure);
    await ask(azure, adding());
    expect(await rolesIn(azure)).toContain(operator(orders));

    await ask(azure, deleting, { runId: 'run_2' });

    const { steps } = await planOf(azure, 'run_2');
    expect(steps.map(({ kind }) => kind)).toEqual(['changePodIdentities', 'removeRoles']);
    expect(await rolesIn(azure)).toEqual(before);
  });

  it('the role stays that somebody else gave', async () => {
    await using azure = await anAzure(
      withAddOn({ userAssignedIdentities: [{ ...place, identity: ordersIdentity }] }),
    );
    await assign(azure, {
      role: 'Managed Identity Operator',
      scope: orders,
      principalId: controlPlanePrincipal,
    });
    azure.advanceMinutes(10);

    await ask(azure, deleting);

    expect(await rolesIn(azure)).toContain(operator(orders));
  });

  it('the role stays while another entry has the identity', async () => {
    await using azure = await anAzure(withAddOn());
    const both = [place, { ...place, namespace: 'jobs' }].map((one) => ({
      ...one,
      identityId: orders,
    }));
    await ask(azure, aChange('add', { identities: both }));

    await ask(azure, deleting, { runId: 'run_2' });

    expect(await rolesIn(azure)).toContain(operator(orders));
  });

  it('the role stays while another cluster with the same principal needs it', async () => {
    const twin = twinWith({ userAssignedIdentities: [{ ...place, identity: ordersIdentity }] });
    await using azure = await anAzure([...withAddOn(), twin]);
    await ask(azure, adding());

    const outcome = await ask(azure, deleting, { runId: 'run_2' });

    expect(outcome).toMatchObject({ value: { state: 'succeeded', applied: 1 } });
    expect(await rolesIn(azure)).toContain(operator(orders));
  });

  it('the role stays while another cluster needs it of which Resource Graph has not heard yet', async () => {
    await using azure = await anAzure([...withAddOn(), twinWith()]);
    await ask(azure, adding());
    azure.advanceMinutes(10);
    await azure.behave({ resourceGraph: { lagSeconds: 3600 } });
    const userAssignedIdentities = [{ ...place, identity: ordersIdentity }];
    const { location } = twinWith();
    await azure.somebody('PUT', twinWith()['id'] as string, {
      ...{ location: location ?? '' },
      properties: { podIdentityProfile: { enabled: true, userAssignedIdentities } },
    });
    azure.advanceMinutes(10);

    const outcome = await ask(azure, deleting, { runId: 'run_2' });

    const { steps } = await planOf(azure, 'run_2');
    expect(steps.map(({ kind }) => kind)).toContain('removeRoles');
    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(await rolesIn(azure)).toContain(operator(orders));
  });

  it('nothing is done where there was none', async () => {
    await using azure = await anAzure(withAddOn());

    const outcome = await ask(azure, deleting);

    expect(outcome).toMatchObject({ value: { state: 'succeeded', applied: 0 } });
    expect(await azure.writes()).toEqual([]);
  });
});

describe('the role of the demo', () => {
  it('is given where it is asked for, and goes with the entry', async () => {
    await using azure = await anAzure(withAddOn());
    await ask(azure, adding({ demoRole: true }));
    expect(await rolesIn(azure)).toContain(demo);

    await ask(azure, deleting, { runId: 'run_2' });

    expect(await rolesIn(azure)).not.toContain(demo);
  });

  it('is not given otherwise', async () => {
    await using azure = await anAzure(withAddOn());

    await ask(azure, adding());

    expect(await rolesIn(azure)).not.toContain(demo);
  });

  it('stays where somebody else gave it', async () => {
    await using azure = await anAzure(withAddOn());
    await assign(azure, {
      role: 'Virtual Machine Contributor',
      scope: nodeGroup,
      principalId: ordersPrincipal,
    });
    await ask(azure, adding());

    await ask(azure, deleting, { runId: 'run_2' });

    expect(await rolesIn(azure)).toContain(demo);
  });
});

describe('an update', () => {
  it('gives an entry another selector, and touches nothing else of it', async () => {
    const entry = { ...place, bindingSelector: 'old', identity: ordersIdentity, later: true };
    await using azure = await anAzure(withAddOn({ userAssignedIdentities: [entry] }));
    await assign(azure, {
      ...{ role: 'Managed Identity Operator', scope: orders },
      principalId: controlPlanePrincipal,
    });
    azure.advanceMinutes(10);

    await ask(azure, aChange('update', { identities: [{ ...place, selector: 'new' }] }));

    expect(await endState(azure)).toMatchObject({
      podIdentityProfile: { userAssignedIdentities: [{ ...entry, bindingSelector: 'new' }] },
    });
  });
});

describe('several pod identities', () => {
  it('may share a selector, and come in one write', async () => {
    await using azure = await anAzure(withAddOn());
    const identities = [
      { ...place, selector: 'shop', identityId: orders },
      { name: 'billing', namespace: 'apps', selector: 'shop', identityId: billing },
    ];

    await ask(azure, aChange('add', { identities }));

    expect(await endState(azure)).toMatchObject({
      podIdentityProfile: {
        userAssignedIdentities: [{ bindingSelector: 'shop' }, { bindingSelector: 'shop' }],
      },
    });
    expect(
      (await azure.writes()).filter((write) => write === 'PUT managedClusters/write'),
    ).toHaveLength(1);
  });

  it('lose dead ones in one write, though the cluster has failed over them', async () => {
    const dead = (name: string) => ({
      name,
      namespace: 'apps',
      identity: { resourceId: orders.replace('orders', name), clientId: 'c', objectId: 'o' },
    });
    await using azure = await anAzure(
      withAddOn(
        { userAssignedIdentities: [dead('a'), dead('b')] },
        { provisioningState: 'Failed' },
      ),
    );
    const identities = ['a', 'b'].map((name) => ({ name, namespace: 'apps' }));

    const outcome = await ask(azure, aChange('delete', { identities }));

    expect(outcome).toMatchObject({ value: { state: 'succeeded' } });
    expect(await endState(azure)).toMatchObject({
      provisioningState: 'Succeeded',
      podIdentityProfile: { userAssignedIdentities: [] },
    });
  });
});
