import { at, textAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { applicationOf, errorIn, guid } from './a-directory';

const path = `/v1.0/servicePrincipals/${guid('2')}`;

describe('callers of Graph', () => {
  let azure: Driven;
  beforeEach(async () => {
    azure = await drive();
    await azure.control('PUT', 'world', {
      resources: [applicationOf('app', { clientId: guid('1'), principalId: guid('2') })],
    });
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  const get = (authorization: string) => azure.arm('GET', path, { headers: { authorization } });
  const unsigned = (claims: object) =>
    `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;

  async function tokenFor(resource: string): Promise<string> {
    const query = `resource=${resource}&api-version=2019-08-01`;
    const { body } = await azure.arm('GET', `/_identity/token?${query}`, {
      headers: { 'x-identity-header': guid('7') },
    });
    return `Bearer ${textAt(body, 'access_token') ?? ''}`;
  }

  it('need a token that is not over', async () => {
    const none = await get('Basic x');
    const old = await get(unsigned({ exp: 1 }));

    expect([errorIn(none), errorIn(old)]).toEqual([
      [401, 'InvalidAuthenticationToken', 'Access token is empty.'],
      [401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'],
    ]);
    expect(none.headers.get('www-authenticate')).toMatch(/^Bearer /);
    expect((await get('Bearer anything')).status).toBe(200);
  });

  it('need a token for Graph where rights are enforced, and no other service takes that one', async () => {
    await azure.control('PATCH', 'behaviour', { rights: 'enforced' });
    const [graph, arm] = [
      await tokenFor('https://graph.microsoft.com/'),
      await tokenFor('https://management.azure.com'),
    ];
    const subscriptions = '/subscriptions?api-version=2022-12-01';

    const toArm = await azure.arm('GET', subscriptions, { headers: { authorization: graph } });

    expect((await get(graph)).status).toBe(200);
    expect(errorIn(await get(arm))).toEqual([
      401,
      'InvalidAuthenticationToken',
      'Access token validation failure. Invalid audience.',
    ]);
    expect((await get(unsigned({ aud: 'https://graph.microsoft.com', oid: 'x' }))).status).toBe(
      401,
    );
    expect(errorIn(toArm).slice(0, 2)).toEqual([401, 'InvalidAuthenticationTokenAudience']);
  });

  it('without the right to read are denied everything, in batches part by part', async () => {
    await azure.control('PATCH', 'behaviour', { directory: { read: 'denied' } });
    const denied = [
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    ];

    const batch = await azure.arm('POST', '/v1.0/$batch', {
      body: { requests: [{ id: '1', method: 'GET', url: path.slice('/v1.0'.length) }] },
    });

    expect(errorIn(await get('Bearer x'))).toEqual(denied);
    expect(errorIn(await azure.arm('GET', `/v1.0/applications/${guid('9')}`))).toEqual(denied);
    expect(
      errorIn(
        await azure.arm('POST', `${path}/getMemberGroups`, { body: { securityEnabledOnly: true } }),
      ),
    ).toEqual(denied);
    expect(batch.status).toBe(200);
    expect(batch.body).toMatchObject({ responses: [{ id: '1', status: 403 }] });
  });

  it('meet fault rules and are in the call log, each part of a batch, too', async () => {
    const match = { operation: 'Microsoft.Graph/servicePrincipals/read' };
    await azure.control('POST', 'faults', [{ match, answer: { code: 'TooManyRequests' } }]);
    const throttled = await get(unsigned({ oid: 'me' }));
    await azure.arm('POST', '/v1.0/$batch', {
      body: { requests: [{ id: '1', method: 'GET', url: path.slice('/v1.0'.length) }] },
    });
    await azure.arm('POST', `${path}/getMemberGroups`, { body: { securityEnabledOnly: true } });

    const calls = (await azure.control('GET', 'calls')) as Json[];
    const summary = await azure.control('GET', 'calls?summary=true');

    expect(errorIn(throttled).slice(0, 2)).toEqual([429, 'TooManyRequests']);
    expect(throttled.headers.get('retry-after')).toBe('10');
    expect([...throttled.headers.keys()]).not.toContain('x-ms-error-code');
    expect(
      calls.map((call) =>
        ['principal', 'provider', 'operation', 'status'].map((name) => at(call, name)),
      ),
    ).toEqual([
      ['me', 'Microsoft.Graph', 'Microsoft.Graph/servicePrincipals/read', 429],
      ['anonymous', 'Microsoft.Graph', 'Microsoft.Graph/servicePrincipals/read', 200],
      ['anonymous', 'Microsoft.Graph', 'Microsoft.Graph/batch/action', 200],
      [
        'anonymous',
        'Microsoft.Graph',
        'Microsoft.Graph/servicePrincipals/getMemberGroups/action',
        200,
      ],
    ]);
    expect(at(summary, 'repeatedWrites')).toEqual([]);
  });
});
