import { at } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { applicationOf, byAppId, errorIn, guid, notFound } from './a-directory';

const spelled = "it's (a/b) 100%";

describe('a request to Graph', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive({ scenario: { now: '2026-11-24T08:00:00Z', clock: 'stepped' } });
    await azure.control('PUT', 'world', {
      resources: [
        applicationOf('app', { clientId: guid('1'), principalId: guid('2') }),
        applicationOf('odd', { clientId: spelled, principalId: guid('3') }),
      ],
    });
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  const get = (path: string, headers = {}) => azure.arm('GET', path, { headers });

  it.each([
    [`/v1.0/servicePrincipals/${guid('2')}?$select=id,appId`, 'servicePrincipals(id,appId)'],
    [`/v1.0/servicePrincipals/${guid('2')}?%24select=id,%20appId`, 'servicePrincipals(id,appId)'],
    [`/v1.0/servicePrincipals('${guid('2')}')?$select=ID,appid,id`, 'servicePrincipals(id,appId)'],
    [
      `/v1.0/SERVICEPRINCIPALS(appid='${guid('1')}')?$select=id,appId`,
      'servicePrincipals(id,appId)',
    ],
    [`//v1.0//servicePrincipals/${guid('2')}/?$select=id,appId`, 'servicePrincipals(id,appId)'],
    [
      `/v1.0/servicePrincipals%28appId%3D%27${guid('1')}%27%29?$select=id,appId`,
      'servicePrincipals(id,appId)',
    ],
  ])('shows what it selects: %s', async (path, context) => {
    const { status, body } = await get(path);

    expect([status, body]).toEqual([
      200,
      {
        '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#${context}/$entity`,
        id: guid('2'),
        appId: guid('1'),
      },
    ]);
  });

  it('shows null for what an object does not have', async () => {
    const { body } = await get(byAppId('applications', guid('1'), '?$select=notes'));

    expect(at(body, 'notes')).toBeNull();
  });

  it.each([
    ['servicePrincipals', 'servicePrincipal'],
    ['applications', 'application'],
  ])('to %s is refused for a member that nobody has', async (set, type) => {
    const reply = await get(byAppId(set, guid('1'), '?$select=id,secretText'));

    expect(errorIn(reply)).toEqual([
      400,
      'BadRequest',
      `Parsing OData Select and Expand failed: Could not find a property named 'secretText' on type 'microsoft.graph.${type}'.`,
    ]);
  });

  it('finds what has quotes and other odd characters in its name', async () => {
    const key = encodeURIComponent(spelled.replaceAll("'", "''"));

    const { status, body } = await get(byAppId('servicePrincipals', key));

    expect([status, at(body, 'appId')]).toEqual([200, spelled]);
  });

  it.each([
    "/v1.0/servicePrincipals(appId='a'b')",
    "/v1.0/servicePrincipals(appId='')",
    '/v1.0/servicePrincipals(appId=a)',
    "/v1.0/servicePrincipals(displayName='app')",
    "/v1.0/directoryObjects(appId='a')/getMemberGroups",
    "/v1.0/servicePrincipals(appId='a'",
    '/v1.0/servicePrincipals/%zz',
    '/v1.0/servicePrincipals',
    '/v1.0/servicePrincipals/a/b',
    '/v1.0/servicePrincipals/a/getMemberGroups/c',
    '/v1.0/users/a',
    '/v1.0/',
    '/v1.0?x=1',
    `/v1.0/servicePrincipals/${guid('2')}?$expand=owners`,
    `/v1.0/directoryObjects/${guid('2')}`,
  ])('that makes no sense is refused: %s', async (path) => {
    const { status, body } = await get(path);

    expect(status).toBe(400);
    expect(at(body, 'error', 'message')).toEqual(expect.stringMatching(/\.$/));
  });

  it.each(['PATCH', 'DELETE', 'PUT'])(
    'that changes the directory is denied: %s',
    async (method) => {
      const reply = await azure.arm(method, `/v1.0/applications/${guid('1')}`, { body: {} });

      expect(errorIn(reply).slice(0, 2)).toEqual([403, 'Authorization_RequestDenied']);
    },
  );

  it('is told in an error when it failed and which one it was', async () => {
    const reply = await get(`/v1.0/servicePrincipals/${guid('9')}`, {
      'client-request-id': 'mine',
    });

    expect(errorIn(reply)).toEqual(notFound(guid('9')));
    expect(at(reply.body, 'error', 'innerError')).toEqual({
      date: '2026-11-24T08:00:00',
      'request-id': reply.headers.get('request-id'),
      'client-request-id': 'mine',
    });
  });
});
