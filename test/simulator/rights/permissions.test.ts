import { AuthorizationManagementClient } from '@azure/arm-authorization';
import type { Permission } from '@azure/arm-authorization';

import { objectsAt, textAt } from '../../../simulator/json';
import { httpClientTo } from '../support/http-client';
import { azureCloud, drive } from '../support/running';
import type { Driven } from '../support/running';
import { codeOf } from '../support/world';
import {
  acrPull,
  caller,
  cluster,
  contributor,
  custom,
  granted,
  group,
  reader,
  resources,
  roles,
  subscription,
} from './a-caller';
import type { Grant } from './a-caller';

const joiner = {
  id: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${custom}`,
  name: custom,
  type: 'Microsoft.Authorization/roleDefinitions',
  properties: {
    roleName: 'Joiner',
    permissions: [
      { actions: ['Microsoft.Network/virtualNetworks/subnets/join/action'] },
      { actions: [], dataActions: ['Microsoft.KeyVault/vaults/secrets/read'] },
    ],
  },
};
const reading = { actions: ['*/read'] };
const joining = { actions: ['Microsoft.Network/virtualNetworks/subnets/join/action'] };

describe('the permissions that a caller has', () => {
  let azure: Driven;
  let token: string;
  beforeAll(async () => {
    azure = await drive();
    const query = 'resource=https://management.azure.com&api-version=2019-08-01';
    const { body } = await azure.arm('GET', `/_identity/token?${query}`, {
      headers: { 'x-identity-header': caller },
    });
    token = textAt(body, 'access_token') ?? '';
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  async function world(rights: 'open' | 'enforced', grants: readonly Grant[]): Promise<void> {
    await azure.control('PATCH', 'behaviour', { rights, pageSize: 2 });
    await azure.control('PUT', 'world', { resources: [...resources, joiner, ...granted(grants)] });
  }

  const at = (scope: string) =>
    azure.arm('GET', `${scope}/providers/Microsoft.Authorization/permissions?${roles}`, {
      headers: { authorization: `Bearer ${token}` },
    });

  async function throughSdk(): Promise<Permission[]> {
    const credential = { getToken: () => Promise.resolve({ token, expiresOnTimestamp: 9e12 }) };
    const { permissions } = new AuthorizationManagementClient(
      credential,
      subscription.slice('/subscriptions/'.length),
      { ...azureCloud, httpClient: httpClientTo(azure.simulator.url) },
    );
    const found = [];
    for await (const permission of permissions.listForResourceGroup('rg')) found.push(permission);
    return found;
  }

  it('are everything at every scope where rights are open', async () => {
    await world('open', []);
    const all = { actions: ['*'], notActions: [], dataActions: ['*'], notDataActions: [] };

    for (const scope of [subscription, group, cluster]) {
      expect((await at(scope)).body).toEqual({ value: [all] });
    }
    expect(await throughSdk()).toEqual([all]);
  });

  it('are those of its roles at the scope and above it, page by page', async () => {
    await world('enforced', [
      { role: reader },
      { role: custom, scope: group },
      { role: acrPull, scope: group },
      { role: contributor, scope: cluster },
    ]);
    const onSubscription = await at(subscription);
    const onGroup = await at(group);

    expect(objectsAt(onSubscription.body, 'value')).toMatchObject([reading]);
    expect(objectsAt(onGroup.body, 'value')).toMatchObject([reading, joining]);
    expect(textAt(onGroup.body, 'nextLink')).toMatch(/^https:\/\/management\.azure\.com\//);
    expect(await throughSdk()).toMatchObject([
      reading,
      joining,
      { actions: [], dataActions: ['Microsoft.KeyVault/vaults/secrets/read'] },
      { actions: ['Microsoft.ContainerRegistry/registries/pull/read'] },
    ]);
    await azure.control('PATCH', 'behaviour', { pageSize: 10 });
    const onCluster = objectsAt((await at(cluster)).body, 'value');
    expect(onCluster).toHaveLength(5);
    expect(onCluster.map(({ notActions }) => notActions)).toContainEqual(
      expect.arrayContaining(['Microsoft.Authorization/*/Write']),
    );
  });

  it('are refused to one who may not even read them', async () => {
    await world('enforced', [{ role: reader, scope: group }]);

    const replies = [await at(subscription), await at(group)];

    expect(replies.map(({ status, body }) => [status, codeOf(body)])).toEqual([
      [403, 'AuthorizationFailed'],
      [200, undefined],
    ]);
  });

  it('grow when a new role has taken effect', async () => {
    await world('enforced', [{ role: reader }]);
    await azure.control('PATCH', 'behaviour', { rights: 'open' });
    const path = `${group}/providers/Microsoft.Authorization/roleAssignments/${custom}?${roles}`;
    const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`;
    const properties = { roleDefinitionId, principalId: caller, principalType: 'ServicePrincipal' };
    await azure.arm('PUT', path, { body: { properties } });
    await azure.control('PATCH', 'behaviour', { rights: 'enforced' });

    const early = objectsAt((await at(group)).body, 'value');
    azure.advanceMinutes(3);
    const late = objectsAt((await at(group)).body, 'value');

    expect([early.length, late.length]).toEqual([1, 2]);
  });

  it('end at the limit of a subscription, which tells how much of it is used', async () => {
    await world('open', [{ role: reader }, { role: acrPull, scope: group }]);
    await azure.control('PATCH', 'behaviour', { roleAssignmentLimit: 3 });
    const put = (name: string) =>
      azure.arm(
        'PUT',
        `${group}/providers/Microsoft.Authorization/roleAssignments/${name}?${roles}`,
        {
          body: {
            properties: {
              roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${acrPull}`,
              principalId: name,
              principalType: 'ServicePrincipal',
            },
          },
        },
      );
    const [third, fourth, again] = [await put('three'), await put('four'), await put('three')];
    const usage = await azure.arm(
      'GET',
      `${subscription}/providers/Microsoft.Authorization/roleAssignmentsUsageMetrics?api-version=2019-08-01-preview`,
    );

    expect([third.status, fourth.status, again.status]).toEqual([201, 400, 200]);
    expect(codeOf(fourth.body)).toBe('RoleAssignmentLimitExceeded');
    expect(usage.body).toEqual({
      subscriptionId: subscription.slice('/subscriptions/'.length),
      roleAssignmentsLimit: 3,
      roleAssignmentsCurrentCount: 3,
      roleAssignmentsRemainingCount: 0,
    });
  });
});
