import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { byAppId, errorIn, guid, identityId, notFound } from './a-directory';

describe('getMemberGroups', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
    await azure.control('PUT', 'world', {
      resources: [
        {
          ...{ id: identityId('id'), name: 'id', location: 'westeurope' },
          properties: { clientId: guid('1'), principalId: guid('2') },
        },
        { id: identityId('alone'), properties: { clientId: guid('3'), principalId: guid('4') } },
        groupOf('a', [guid('2').toUpperCase()]),
        groupOf('b', [guid('a'), guid('b')]),
        groupOf('c', [guid('b')], { securityEnabled: false }),
        groupOf('d', [guid('9')]),
      ],
    });
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  const groupOf = (digit: string, members: readonly string[], more: object = {}) => ({
    id: `/providers/Microsoft.Graph/groups/${guid(digit)}`,
    properties: { displayName: digit, members, ...more },
  });
  const ask = (path: string, body: unknown = { securityEnabledOnly: false }) =>
    azure.arm('POST', `/v1.0/${path}/getMemberGroups`, { body });

  it.each([
    [`servicePrincipals/${guid('2')}`, false, ['a', 'b', 'c']],
    [`servicePrincipals/${guid('2')}`, true, ['a', 'b']],
    [`servicePrincipals(appId='${guid('1')}')`, true, ['a', 'b']],
    [`directoryObjects/${guid('2')}`, false, ['a', 'b', 'c']],
    [`directoryObjects/${guid('a')}`, false, ['b', 'c']],
    [`servicePrincipals/${guid('4')}`, false, []],
  ])('answers the groups of %s, securityEnabledOnly %s', async (path, securityEnabledOnly, ids) => {
    const { status, body } = await ask(path, { securityEnabledOnly });

    expect(status).toBe(200);
    expect(body).toEqual({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#Collection(Edm.String)',
      value: ids.map(guid),
    });
  });

  it.each(['servicePrincipals', 'directoryObjects'])('finds nobody unknown in %s', async (set) => {
    expect(errorIn(await ask(`${set}/${guid('9')}`))).toEqual(notFound(guid('9')));
  });

  it.each(['', null, [], {}, 'nonsense', '{"securityEnabledOnly":', { securityEnabledOnly: 1 }])(
    'refuses %j as a body',
    async (body) => {
      const reply = await ask(`servicePrincipals/${guid('2')}`, body);

      expect(reply.status).toBe(400);
    },
  );

  it('is no way to read, and not there for applications', async () => {
    const read = await azure.arm('GET', `/v1.0/servicePrincipals/${guid('2')}/getMemberGroups`);
    const other = await ask(byAppId('applications', guid('1')).slice('/v1.0/'.length));

    expect([read.status, other.status]).toEqual([405, 400]);
  });
});
