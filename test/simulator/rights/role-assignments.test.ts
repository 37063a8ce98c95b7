import { at, textAt } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { codeOf } from '../support/world';

const subscriptionId = '00000000-0000-4000-8000-000000000001';
const subscription = `/subscriptions/${subscriptionId}`;
const group = `${subscription}/resourceGroups/rg`;
const acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d';
const networkContributor = '4d97b98b-1d4f-4787-a291-c67834d212e7';
const old = { id: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/old` };
const name = (digit: number) => `${digit}`.repeat(8) + '-0000-4000-8000-000000000000';

describe('role assignments', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  beforeEach(() =>
    azure.control('PUT', 'world', {
      resources: [{ ...old, location: 'westeurope', properties: { principalId: 'known' } }],
    }),
  );
  afterAll(() => azure[Symbol.asyncDispose]());

  it('are made once, however often they are asked for', async () => {
    const first = await assign({ digit: 1 });
    const second = await assign({ digit: 1 });

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(first.body).toEqual(second.body);
    expect(at(first.body, 'properties', 'scope')).toBe(group);
  });

  it('exist once for a principal, role and scope, whatever their case', async () => {
    await assign({ digit: 1 });

    const other = await assign({ digit: 2, principalId: 'P', scope: group.toUpperCase() });

    expect([other.status, codeOf(other.body)]).toEqual([409, 'RoleAssignmentExists']);
  });

  it('do not change their principal, role or scope', async () => {
    await assign({ digit: 1 });

    const changed = await assign({ digit: 1, role: networkContributor });

    expect([changed.status, codeOf(changed.body)]).toEqual([
      400,
      'RoleAssignmentUpdateNotPermitted',
    ]);
  });

  it('find a young principal only when told that it is a service principal', async () => {
    const { identities } = azure.clients(subscriptionId);
    const made = await identities.userAssignedIdentities.createOrUpdate('rg', 'young', {
      location: 'westeurope',
    });
    const principalId = made.principalId ?? '';

    const early = await assign({ digit: 1, principalId, principalType: undefined });
    const typed = await assign({ digit: 2, principalId, role: networkContributor });
    azure.advanceMinutes(2);
    const late = await assign({ digit: 1, principalId, principalType: undefined });

    expect([early.status, codeOf(early.body)]).toEqual([400, 'PrincipalNotFound']);
    expect([typed.status, late.status]).toEqual([201, 201]);
  });

  it('are listed at a scope with those above and, without atScope(), those below', async () => {
    const below = `${group}/providers/Microsoft.ContainerRegistry/registries/cr`;
    await assign({ digit: 1, scope: subscription });
    await assign({ digit: 2, scope: group });
    await assign({ digit: 3, scope: below });
    const { authorization } = azure.clients(subscriptionId);
    const list = async (filter: string): Promise<(string | undefined)[]> => {
      const found = [];
      for await (const one of authorization.roleAssignments.listForScope(group.slice(1), {
        filter,
      }))
        found.push(one.name);
      return found;
    };

    const all = await list("assignedTo('p')");
    const atScope = await list("atScope() and principalId eq 'p'");
    const nobody = await list("principalId eq 'nobody'");

    expect(all).toEqual([name(1), name(2), name(3)]);
    expect(atScope).toEqual([name(1), name(2)]);
    expect(nobody).toEqual([]);
  });

  it('are deleted once: 200 with what was there, then 204', async () => {
    await assign({ digit: 1 });
    const path = `${group}/providers/Microsoft.Authorization/roleAssignments/${name(1)}?api-version=2022-04-01`;

    const first = await azure.arm('DELETE', path);
    const second = await azure.arm('DELETE', path);

    expect([first.status, second.status]).toEqual([200, 204]);
    expect(textAt(first.body, 'name')).toBe(name(1));
  });

  it.each([{}, { properties: {} }, { properties: { principalId: 'p' } }, [], null])(
    'refuse %j as a body',
    async (body) => {
      const path = `${group}/providers/Microsoft.Authorization/roleAssignments/${name(1)}`;

      const { status } = await azure.arm('PUT', `${path}?api-version=2022-04-01`, { body });

      expect(status).toBe(400);
    },
  );

  interface Wish {
    readonly digit: number;
    readonly principalId?: string;
    readonly role?: string;
    readonly scope?: string;
    readonly principalType?: string | undefined;
  }

  function assign({ digit, principalId = 'p', role = acrPull, scope = group, ...rest }: Wish) {
    const type = 'principalType' in rest ? rest.principalType : 'ServicePrincipal';
    const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name(digit)}`;
    return azure.arm('PUT', `${path}?api-version=2022-04-01`, {
      body: { properties: { roleDefinitionId, principalId, principalType: type } },
    });
  }
});

describe('user-assigned identities', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  beforeEach(() => azure.control('PUT', 'world', { resources: [{ id: group, name: 'rg' }] }));
  afterAll(() => azure[Symbol.asyncDispose]());

  it('keep their principal over updates and get another after a deletion', async () => {
    const { userAssignedIdentities } = azure.clients(subscriptionId).identities;
    const put = () => userAssignedIdentities.createOrUpdate('rg', 'id-app', { location: 'weu' });

    const first = await put();
    const updated = await put();
    await userAssignedIdentities.delete('rg', 'id-app');
    const again = await put();

    expect(updated.principalId).toBe(first.principalId);
    expect(again.principalId).not.toBe(first.principalId);
  });

  it('take twenty federated credentials, each pair of issuer and subject once', async () => {
    const { identities } = azure.clients(subscriptionId);
    await identities.userAssignedIdentities.createOrUpdate('rg', 'id-app', { location: 'weu' });
    const put = (credential: string, subject: string) =>
      azure.arm(
        'PUT',
        `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-app/federatedIdentityCredentials/${credential}?api-version=2024-11-30`,
        { body: { properties: { issuer: 'https://i/', subject, audiences: ['api://x'] } } },
      );

    const statuses = [];
    for (let index = 0; index < 21; index += 1) {
      statuses.push((await put(`fic-${index}`, `subject-${index}`)).status);
    }
    const same = await put('fic-other', 'subject-3');
    const again = await put('fic-3', 'subject-3');

    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 201), 400]);
    expect([same.status, again.status]).toEqual([400, 200]);
  });
});

describe('preview features', () => {
  const features = `${subscription}/providers/Microsoft.Features/providers/Microsoft.ContainerService/features`;
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  beforeEach(() =>
    azure.control('PUT', 'world', {
      resources: [
        feature('Auto', {}),
        feature('Approved', { approval: 'required' }),
        {
          id: `${subscription}/providers/Microsoft.ContainerService`,
          registrationState: 'Registered',
        },
      ],
    }),
  );
  afterAll(() => azure[Symbol.asyncDispose]());

  it('are registered after some minutes, however often that is asked for', async () => {
    const { features: client } = azure.clients(subscriptionId);
    const state = async () =>
      (await client.features.get('Microsoft.ContainerService', 'Auto')).properties?.state;

    await client.features.register('Microsoft.ContainerService', 'Auto');
    await client.features.register('Microsoft.ContainerService', 'Auto');
    const early = await state();
    azure.advanceMinutes(6.1);
    const late = await state();

    expect([early, late]).toEqual(['Registering', 'Registered']);
  });

  it('wait for ever where Microsoft has to approve them', async () => {
    const { features: client } = azure.clients(subscriptionId);

    await client.features.register('Microsoft.ContainerService', 'Approved');
    azure.advanceMinutes(600);
    const found = await client.features.get('Microsoft.ContainerService', 'Approved');

    expect(found.properties?.state).toBe('Pending');
  });

  it('that are not on offer are not found', async () => {
    const reply = await azure.arm('GET', `${features}/Unheard?api-version=2021-07-01`);

    expect([reply.status, codeOf(reply.body)]).toEqual([404, 'FeatureNotFound']);
  });

  it('take effect with the next registration of their provider', async () => {
    const { features: client, resources } = azure.clients(subscriptionId);
    const effective = async () =>
      at(
        await azure.control('GET', 'world'),
        `${features}/Auto`.toLowerCase(),
        '$truth',
        'effective',
      );

    await client.features.register('Microsoft.ContainerService', 'Auto');
    azure.advanceMinutes(7);
    const before = await effective();
    await resources.providers.register('Microsoft.ContainerService');
    azure.advanceMinutes(3);
    const after = await effective();
    const provider = await resources.providers.get('Microsoft.ContainerService');

    expect([before, after]).toEqual([undefined, true]);
    expect(provider.registrationState).toBe('Registered');
  });

  function feature(short: string, $truth: object): object {
    const id = `${features}/${short}`;
    const long = `Microsoft.ContainerService/${short}`;
    return { id, name: long, properties: { state: 'NotRegistered' }, $truth };
  }
});
