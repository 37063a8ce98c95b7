import { at, objectsAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven, Reply } from '../support/running';
import { codeOf } from '../support/world';
import {
  subscription,
  group,
  cluster,
  identity,
  subnet,
  caller,
  reader,
  contributor,
  accessAdministrator,
  acrPull,
  custom,
  aks,
  roles,
  resources,
  granted,
} from './a-caller';
import type { Grant } from './a-caller';

describe('a simulated Azure that enforces rights', () => {
  let azure: Driven;
  let token: string;
  beforeAll(async () => {
    azure = await drive({ scenario: { behaviour: { rights: 'enforced' } } });
    token = await tokenOf(caller);
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  async function tokenOf(principal: string, resource = 'https://management.azure.com') {
    const query = `resource=${encodeURIComponent(resource)}&api-version=2019-08-01`;
    const answer = await fetch(`${azure.simulator.url}/_identity/token?${query}`, {
      headers: { 'x-identity-header': principal },
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  function hold(grants: readonly Grant[], more: readonly Json[] = []): Promise<Json> {
    return azure.control('PUT', 'world', {
      resources: [...resources, ...granted(grants), ...more],
    });
  }

  const ask = (method: string, path: string, body?: unknown): Promise<Reply> =>
    azure.arm(method, path, {
      ...(method !== 'GET' && { body }),
      headers: { authorization: `Bearer ${token}` },
    });

  it('lets nobody do anything without a role', async () => {
    await hold([]);

    const { status, body } = await ask('GET', `${cluster}?${aks}`);

    expect([status, codeOf(body)]).toEqual([403, 'AuthorizationFailed']);
    expect(at(body, 'error', 'message')).toBe(
      `The client '${caller}' with object id '${caller}' does not have authorization to perform action 'Microsoft.ContainerService/managedClusters/read' over scope '${cluster}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  });

  it.each([
    ['the cluster', cluster],
    ['its group', group],
    ['its subscription', subscription],
    ['the root', '/'],
  ])('counts a role on %s', async (_name, scope) => {
    await hold([{ role: reader, scope }]);

    expect((await ask('GET', `${cluster}?${aks}`)).status).toBe(200);
  });

  it('does not count a role on something else', async () => {
    await hold([{ role: reader, scope: `${group}x` }]);

    expect((await ask('GET', `${cluster}?${aks}`)).status).toBe(403);
  });

  it('counts a role on a management group above', async () => {
    const management = '/providers/Microsoft.Management/managementGroups/all';
    await hold(
      [{ role: reader, scope: management }],
      [{ id: subscription, state: 'Enabled', $truth: { managementGroups: [management] } }],
    );

    expect((await ask('GET', `${cluster}?${aks}`)).status).toBe(200);
  });

  it('takes back what notActions name', async () => {
    await hold([{ role: contributor }]);
    const assignment = `${group}/providers/Microsoft.Authorization/roleAssignments/${custom}`;

    const { status, body } = await ask('PUT', `${assignment}?${roles}`, {
      properties: {
        roleDefinitionId: acrPull,
        principalId: 'p',
        principalType: 'ServicePrincipal',
      },
    });

    expect([status, codeOf(body)]).toEqual([403, 'AuthorizationFailed']);
    expect(at(body, 'error', 'message')).toMatch('Microsoft.Authorization/roleAssignments/write');
  });

  it.each([
    [
      'POST',
      `${cluster}/listClusterUserCredential?${aks}`,
      'managedClusters/listClusterUserCredential/action',
    ],
    [
      'POST',
      `${cluster}/agentPools/system/upgradeNodeImageVersion?${aks}`,
      'managedClusters/agentPools/upgradeNodeImageVersion/action',
    ],
    ['GET', `${cluster}/agentPools?${aks}`, 'managedClusters/agentPools/read'],
    ['DELETE', `${cluster}?${aks}`, 'managedClusters/delete'],
    [
      'GET',
      `${group}?api-version=2025-04-01`,
      'Microsoft.Resources/subscriptions/resourceGroups/read',
    ],
    ['GET', `${subscription}?api-version=2022-12-01`, 'Microsoft.Resources/subscriptions/read'],
    [
      'GET',
      `${subscription}/providers/Microsoft.Authorization/roleAssignments?${roles}`,
      'Microsoft.Authorization/roleAssignments/read',
    ],
    [
      'GET',
      `${subscription}/providers/Microsoft.ContainerService?api-version=2025-04-01`,
      'Microsoft.Resources/subscriptions/providers/read',
    ],
    [
      'POST',
      `${subscription}/providers/Microsoft.ContainerService/register?api-version=2025-04-01`,
      'Microsoft.ContainerService/register/action',
    ],
    [
      'POST',
      `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features/F/register?api-version=2021-07-01`,
      'Microsoft.Features/providers/features/register/action',
    ],
    [
      'PUT',
      `${identity}/federatedIdentityCredentials/fic?api-version=2024-11-30`,
      'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
    ],
  ])('asks for the action of %s %s', async (method, path, action) => {
    await hold([]);

    const { status, body } = await ask(method, path, {});

    expect(status).toBe(403);
    expect(at(body, 'error', 'message')).toMatch(`${action}'`);
  });

  it('knows custom roles, and counts them when their permissions allow the action', async () => {
    const definition = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${custom}`;
    await hold([{ role: accessAdministrator }]);
    const made = await ask('PUT', `${definition}?${roles}`, {
      properties: {
        roleName: 'Node roller',
        assignableScopes: [subscription],
        permissions: [{ actions: ['Microsoft.ContainerService/managedClusters/read'] }],
      },
    });
    const read = await ask('GET', `${definition}?${roles}`);
    await hold([{ role: custom }], [made.body]);

    const allowed = await ask('GET', `${cluster}?${aks}`);
    const refused = await ask('GET', `${cluster}/agentPools?${aks}`);

    expect([made.status, read.status]).toEqual([201, 200]);
    expect(at(read.body, 'properties', 'type')).toBe('CustomRole');
    expect([allowed.status, refused.status]).toEqual([200, 403]);
  });

  it('asks for the right to use what a write refers to', async () => {
    await hold([{ role: contributor, scope: cluster }]);

    const { status, body } = await ask('PUT', `${cluster}?${aks}`, {
      location: 'westeurope',
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: {} } },
      properties: { agentPoolProfiles: [{ name: 'system', vnetSubnetID: subnet }] },
    });

    expect([status, codeOf(body)]).toEqual([403, 'LinkedAuthorizationFailed']);
    expect(at(body, 'error', 'message')).toMatch('userAssignedIdentities/assign/action');
    expect(at(body, 'error', 'message')).toMatch('subnets/join/action');
  });

  describe('with delegated role assignments', () => {
    const condition = `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${acrPull}, ${reader}} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'})) AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${acrPull}, ${reader}}))`;
    const path = (n: number) =>
      `${group}/providers/Microsoft.Authorization/roleAssignments/0000000${n}-aaaa-4aaa-8aaa-aaaaaaaaaaaa?${roles}`;
    const wish = (role: string, principalType = 'ServicePrincipal') => ({
      properties: { roleDefinitionId: `/x/${role}`, principalId: `p-${role}`, principalType },
    });

    beforeEach(() => hold([{ role: accessAdministrator, condition }]));

    it('allows what the condition names', async () => {
      const made = await ask('PUT', path(1), wish(acrPull));
      const removed = await ask('DELETE', path(1));

      expect([made.status, removed.status]).toEqual([201, 200]);
    });

    it.each([
      ['another role', wish(contributor)],
      ['another kind of principal', wish(acrPull, 'User')],
    ])('refuses %s', async (_name, body) => {
      expect((await ask('PUT', path(2), body)).status).toBe(403);
    });

    it('still allows what the condition is not about', async () => {
      expect((await ask('GET', `${cluster}?${aks}`)).status).toBe(200);
    });

    it('refuses to store a condition that it does not understand', async () => {
      await hold([{ role: accessAdministrator }]);
      const body = {
        properties: {
          ...wish(acrPull).properties,
          condition: "@Resource[Microsoft.Storage/x:name] StringLike 'a*'",
        },
      };

      const { status, body: answer } = await ask('PUT', path(3), body);

      expect([status, codeOf(answer)]).toEqual([400, 'InvalidConditionOrVersion']);
      expect(at(answer, 'error', 'message')).toMatch('@Resource[Microsoft.Storage/x:name]');
    });
  });

  it('lets deny assignments win', async () => {
    await hold(
      [{ role: contributor }],
      [
        {
          id: `${group}/providers/Microsoft.Authorization/denyAssignments/d`,
          properties: {
            principals: [{ id: '00000000-0000-0000-0000-000000000000' }],
            excludePrincipals: [],
            permissions: [{ actions: ['*/delete'], notActions: [] }],
          },
        },
      ],
    );

    const read = await ask('GET', `${cluster}?${aks}`);
    const removed = await ask('DELETE', `${cluster}?${aks}`);

    expect([read.status, removed.status]).toEqual([200, 403]);
  });

  it('lets a new assignment work only after a while', async () => {
    const [grant] = granted([{ role: reader }]) as [{ properties: object }];
    const now = (await azure.control('GET', 'clock')) as { now: string };
    const young = { ...grant, properties: { ...grant.properties, createdOn: now.now } };
    await azure.control('PUT', 'world', { resources: [...resources, young] });

    const early = await ask('GET', `${cluster}?${aks}`);
    azure.advanceMinutes(4);
    const later = await ask('GET', `${cluster}?${aks}`);

    expect([early.status, later.status]).toEqual([403, 200]);
  });

  it('shows in lists and queries only what the caller may read', async () => {
    const other = cluster.replace('/rg/', '/other/');
    await hold([{ role: reader, scope: group }], [{ ...(resources[0] as object), id: other }]);

    const graph = await ask(
      'POST',
      '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
      {
        query:
          "resources | where type =~ 'microsoft.containerservice/managedclusters' | project id",
      },
    );
    const subscriptions = await ask('GET', '/subscriptions?api-version=2022-12-01');
    const permissions = await ask(
      'GET',
      `${group}/providers/Microsoft.Authorization/permissions?${roles}`,
    );

    expect(objectsAt(graph.body, 'data').map(({ id }) => id)).toEqual([cluster]);
    const lists = [
      `${subscription}/providers/Microsoft.ContainerService/managedClusters?${aks}`,
      `${subscription}/resourceGroups?api-version=2025-04-01`,
    ];
    const [clusters, groups] = await Promise.all(lists.map((list) => ask('GET', list)));

    expect(objectsAt(clusters?.body, 'value').map(({ id }) => id)).toEqual([cluster]);
    expect(objectsAt(groups?.body, 'value').map(({ id }) => id)).toEqual([group]);
    expect(objectsAt(subscriptions.body, 'value')).toEqual([]);
    expect(objectsAt(permissions.body, 'value')).toMatchObject([{ actions: ['*/read'] }]);
  });

  it.each<readonly [string, () => Promise<string>, string]>([
    ['that nobody signed', () => Promise.resolve('e30.e30.'), 'InvalidAuthenticationToken'],
    [
      'whose claims were changed',
      async () => {
        const [head = '', , signature = ''] = (await tokenOf(caller)).split('.');
        const claims = Buffer.from(
          JSON.stringify({ oid: 'me', aud: 'https://management.azure.com' }),
        );
        return [head, claims.toString('base64url'), signature].join('.');
      },
      'InvalidAuthenticationToken',
    ],
    [
      'for another resource',
      () => tokenOf(caller, 'https://vault.azure.net'),
      'InvalidAuthenticationTokenAudience',
    ],
  ])('refuses a token %s', async (_name, make, code) => {
    await hold([{ role: reader }]);

    const reply = await azure.arm('GET', `${cluster}?${aks}`, {
      headers: { authorization: `Bearer ${await make()}` },
    });

    expect([reply.status, codeOf(reply.body)]).toEqual([401, code]);
    expect(reply.headers.get('www-authenticate')).toMatch(
      /^Bearer authorization_uri="https:\/\/login/,
    );
  });

  it('refuses a subscription of another tenant', async () => {
    await hold([{ role: reader }], [{ id: subscription, state: 'Enabled', tenantId: custom }]);

    const { status, body } = await ask('GET', `${cluster}?${aks}`);

    expect([status, codeOf(body)]).toEqual([401, 'InvalidAuthenticationTokenTenant']);
  });
});
