import { at, textAt } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import {
  aks,
  byAppId,
  clusterId,
  errorIn,
  group,
  guid,
  identityId,
  notFound,
  statusOf,
} from './a-directory';

describe('the directory knows managed identities', () => {
  let azure: Driven;
  beforeEach(async () => {
    azure = await drive();
    await azure.control('PUT', 'world', {
      resources: [
        {
          ...{ id: identityId('id'), name: 'id', location: 'westeurope' },
          properties: { clientId: guid('1'), principalId: guid('2') },
        },
        {
          ...{ id: clusterId('own'), name: 'own', location: 'westeurope', properties: {} },
          identity: { type: 'SystemAssigned', principalId: guid('3') },
        },
      ],
    });
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  const principal = (id: string) => azure.arm('GET', `/v1.0/servicePrincipals/${id}`);

  it('that stand alone, by object id and by client id', async () => {
    const byId = await principal(guid('2').toUpperCase());
    const byClientId = await azure.arm('GET', byAppId('servicePrincipals', guid('1')));

    expect(byId.body).toEqual(byClientId.body);
    expect(byId.body).toMatchObject({
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#servicePrincipals/$entity',
      id: guid('2'),
      appId: guid('1'),
      displayName: 'id',
      servicePrincipalType: 'ManagedIdentity',
      appOwnerOrganizationId: null,
      alternativeNames: ['isExplicit=True', identityId('id')],
    });
  });

  it('that belong to a cluster, by object id and by the client id that follows from it', async () => {
    const byId = await principal(guid('3'));
    const appId = textAt(byId.body, 'appId') ?? '';

    expect(byId.body).toMatchObject({
      id: guid('3'),
      displayName: 'own',
      servicePrincipalType: 'ManagedIdentity',
      alternativeNames: ['isExplicit=False', clusterId('own')],
    });
    expect((await azure.arm('GET', byAppId('servicePrincipals', appId))).body).toEqual(byId.body);
  });

  it('without any application', async () => {
    const reply = await azure.arm('GET', byAppId('applications', guid('1')));

    expect(errorIn(reply)).toEqual(notFound(guid('1')));
  });

  it('some time after they were made, and no longer than they live', async () => {
    const path = `${identityId('young')}?api-version=2024-11-30`;
    const made = await azure.arm('PUT', path, { body: { location: 'westeurope' } });
    const found = `/v1.0/servicePrincipals/${textAt(made.body, 'properties', 'principalId') ?? ''}`;

    const early = await statusOf(azure, found);
    azure.advanceMinutes(1);
    const known = await statusOf(azure, found);
    await azure.arm('DELETE', path);

    expect([early, known, await statusOf(azure, found)]).toEqual([404, 200, 404]);
  });

  it('of clusters some time after they were given, until they are taken away', async () => {
    await azure.control('PUT', 'world', {
      resources: [{ id: group }, { id: identityId('id'), properties: { principalId: guid('2') } }],
    });
    const put = (identity: object) =>
      azure.arm('PUT', `${clusterId('new')}?${aks}`, {
        body: {
          ...{ location: 'westeurope', identity },
          properties: {
            dnsPrefix: 'new',
            agentPoolProfiles: [{ name: 'system', mode: 'System', count: 1, vmSize: 'D4' }],
          },
        },
      });
    const made = await put({ type: 'SystemAssigned' });
    const found = `/v1.0/servicePrincipals/${textAt(made.body, 'identity', 'principalId') ?? ''}`;

    const early = await statusOf(azure, found);
    azure.advanceMinutes(10);
    const known = await statusOf(azure, found);
    const moved = await put({
      type: 'UserAssigned',
      userAssignedIdentities: { [identityId('id')]: {} },
    });

    expect([made.status, early, known, moved.status]).toEqual([201, 404, 200, 200]);
    expect(await statusOf(azure, found)).toBe(404);
  });

  it('no longer when their cluster is deleted', async () => {
    await azure.arm('DELETE', `${clusterId('own')}?${aks}`);
    azure.advanceMinutes(20);

    const world = await azure.control('GET', 'world');

    expect(at(world, clusterId('own').toLowerCase())).toBeUndefined();
    expect(errorIn(await principal(guid('3')))).toEqual(notFound(guid('3')));
  });
});
