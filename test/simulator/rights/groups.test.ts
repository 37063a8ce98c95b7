import { objectsAt, textAt } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { aks, caller, cluster, contributor, granted, group, resources, roles } from './a-caller';

const team = '22222222-2222-4222-8222-222222222222';
const company = '33333333-3333-4333-8333-333333333333';

describe('rights through groups', () => {
  let azure: Driven;
  let token: string;
  beforeAll(async () => {
    azure = await drive({ scenario: { behaviour: { rights: 'enforced' } } });
    const query = 'resource=https://management.azure.com&api-version=2019-08-01';
    const { body } = await azure.arm('GET', `/_identity/token?${query}`, {
      headers: { 'x-identity-header': caller },
    });
    token = textAt(body, 'access_token') ?? '';
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  const groupOf = (id: string, members: readonly string[], more: object = {}) => ({
    id: `/providers/Microsoft.Graph/groups/${id}`,
    properties: { members, ...more },
  });
  /** The company's group contributes; the caller is in it through its team. */
  const hold = (teamHas: object, more: readonly object[] = []) =>
    azure.control('PUT', 'world', {
      resources: [
        ...resources,
        ...(granted([{ role: contributor }]) as { properties: object }[]).map((one) => ({
          ...one,
          properties: { ...one.properties, principalId: company },
        })),
        groupOf(team, [caller], teamHas),
        groupOf(company, [team]),
        ...more,
      ],
    });
  const ask = (method: string, path: string) =>
    azure.arm(method, path, { headers: { authorization: `Bearer ${token}` } });
  const listed = async (filter: string) => {
    const query = `${roles}&$filter=${encodeURIComponent(filter)}`;
    const path = `${group}/providers/Microsoft.Authorization/roleAssignments?${query}`;
    return objectsAt((await ask('GET', path)).body, 'value').map(({ name }) => name);
  };

  it('count for their members, also those of a group inside', async () => {
    await hold({});

    expect((await ask('GET', `${cluster}?${aks}`)).status).toBe(200);
    expect(await listed(`assignedTo('${caller}')`)).toEqual(['g0']);
    expect(await listed(`principalId eq '${caller}'`)).toEqual([]);
  });

  it('count for nobody who is not in them', async () => {
    await hold({ members: [] });

    expect((await ask('GET', `${cluster}?${aks}`)).status).toBe(403);
  });

  it('are taken away from members by a deny assignment to a group', async () => {
    const denial = {
      id: `${group}/providers/Microsoft.Authorization/denyAssignments/d`,
      properties: { principals: [{ id: team }], permissions: [{ actions: ['*/delete'] }] },
    };
    await hold({}, [denial]);

    const [read, removed] = [
      await ask('GET', `${cluster}?${aks}`),
      await ask('DELETE', `${cluster}?${aks}`),
    ];

    expect([read.status, removed.status]).toEqual([200, 403]);
  });
});
