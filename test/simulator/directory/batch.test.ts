import { at, objectsAt } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { applicationOf, byAppId, errorIn, guid } from './a-directory';

const json = { 'Content-Type': 'application/json' };

describe('a batch', () => {
  let azure: Driven;
  beforeAll(async () => {
    azure = await drive();
  });
  beforeEach(() =>
    azure.control('PUT', 'world', {
      resources: [
        applicationOf('app', { clientId: guid('1'), principalId: guid('2') }),
        {
          id: `/providers/Microsoft.Graph/groups/${guid('a')}`,
          properties: { members: [guid('2')] },
        },
      ],
    }),
  );
  afterEach(async () => {
    await azure.control('POST', 'faults', []);
  });
  afterAll(() => azure[Symbol.asyncDispose]());

  const send = (body: unknown) => azure.arm('POST', '/v1.0/$batch', { body });
  const get = (id: string, digit: string) => ({
    ...{ id, method: 'GET' },
    url: `/servicePrincipals/${guid(digit)}?$select=id`,
  });
  const parts = (body: Parameters<typeof objectsAt>[0]) => objectsAt(body, 'responses');

  it('answers each of its requests, also when one fails', async () => {
    const { status, body } = await send({
      requests: [
        get('one', '2'),
        get('two', '9'),
        {
          ...{ id: 'three', method: 'POST', headers: json, body: { securityEnabledOnly: true } },
          url: `/servicePrincipals/${guid('2')}/getMemberGroups`,
        },
        { id: 'four', method: 'GET', url: byAppId('applications', guid('1')).slice(5) },
        { id: 'five', method: 'GET', url: `https://graph.microsoft.com/v1.0/applications/x` },
        { id: 'six', method: 'POST', url: '/$batch', headers: json, body: { requests: [] } },
      ],
    });

    expect(status).toBe(200);
    expect(parts(body).map((part) => [part['id'], part['status']])).toEqual([
      ['one', 200],
      ['two', 404],
      ['three', 200],
      ['four', 200],
      ['five', 400],
      ['six', 400],
    ]);
    expect(parts(body)[0]).toMatchObject({
      headers: { 'content-type': 'application/json' },
      body: { id: guid('2') },
    });
    expect(at(parts(body)[1], 'body', 'error')).toMatchObject({
      code: 'Request_ResourceNotFound',
      innerError: { 'request-id': at(parts(body)[1], 'headers', 'request-id') },
    });
    expect(at(parts(body)[2], 'body', 'value')).toEqual([guid('a')]);
  });

  it('takes twenty requests', async () => {
    const requests = Array.from({ length: 20 }, (_, index) => get(`${index}`, '2'));

    const { body } = await send({ requests });

    expect(parts(body).map((part) => part['status'])).toEqual(Array(20).fill(200));
  });

  it.each<readonly [string, unknown]>([
    ['nothing', undefined],
    ['no object', []],
    ['no JSON', '{"requests":[{]}'],
    ['no list', { requests: {} }],
    ['an empty list', { requests: [] }],
    ['twenty-one', { requests: Array.from({ length: 21 }, (_, index) => get(`${index}`, '2')) }],
    ['no id', { requests: [{ method: 'GET', url: '/applications/x' }] }],
    ['an empty id', { requests: [get('', '2')] }],
    ['a number for an id', { requests: [{ ...get('1', '2'), id: 1 }] }],
    ['the same id twice', { requests: [get('1', '2'), get('2', '2'), get('1', '9')] }],
    ['no method', { requests: [{ id: '1', url: '/applications/x' }] }],
    ['no URL', { requests: [{ id: '1', method: 'GET' }] }],
    ['something that is no request', { requests: [get('1', '2'), 'GET'] }],
    ['a dependency', { requests: [get('1', '2'), { ...get('2', '2'), dependsOn: ['1'] }] }],
    ['a body of no type', { requests: [{ ...get('1', '2'), method: 'POST', body: {} }] }],
  ])('with %s is refused as a whole', async (_name, body) => {
    const reply = await send(body);

    expect(reply.status).toBe(400);
    expect(errorIn(reply)[2]).toEqual(expect.stringMatching(/\.$/));
    expect(parts(reply.body)).toEqual([]);
  });

  it('is sent with POST', async () => {
    expect((await azure.arm('GET', '/v1.0/$batch')).status).toBe(400);
  });

  it('is throttled in one of its parts alone', async () => {
    const match = { provider: 'Microsoft.Graph', path: guid('9') };
    const answer = { code: 'TooManyRequests', retryAfterSeconds: 7 };
    await azure.control('POST', 'faults', [{ match, answer }]);

    const { body } = await send({ requests: [get('1', '2'), get('2', '9'), get('3', '9')] });

    expect(parts(body).map((part) => part['status'])).toEqual([200, 429, 404]);
    expect(parts(body)[1]).toMatchObject({
      headers: { 'retry-after': '7' },
      body: { error: { code: 'TooManyRequests', innerError: {} } },
    });
  });

  it('breaks with the connection of one of its parts', async () => {
    const match = { operation: 'Microsoft.Graph/servicePrincipals/read' };
    await azure.control('POST', 'faults', [{ match, nth: 2, reset: 'before' }]);

    await expect(send({ requests: [get('1', '2'), get('2', '2')] })).rejects.toThrow(
      'fetch failed',
    );
  });
});
