import type { HttpClient } from '@azure/core-rest-pipeline';
import { RestError, createHttpHeaders } from '@azure/core-rest-pipeline';

import { exchangeAssertions } from '../../clients/entra';
import { viaGateway } from '../../clients/gateway';
import { TransientError } from '../../domain/outcome';
import { textAt } from '../../simulator/json';
import { drive } from '../simulator/support/running';
import type { Driven } from '../simulator/support/running';

const tenantId = 'c3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10';
const group = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg';
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/aks`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
const issuer = `https://westeurope.oic.prod-aks.azure.com/${tenantId}/5f0c1f3e-1111-4222-8333-444455556666/`;
const clientId = '22222222-2222-4222-8222-222222222222';
const principalId = '33333333-3333-4333-8333-333333333333';
const options = {
  authority: 'https://login.microsoftonline.com',
  armEndpoint: 'https://management.azure.com',
};

describe('the exchange of a service account token', () => {
  let azure: Driven;
  beforeEach(async () => {
    azure = await drive({ scenario: { tenantId } });
    await azure.control('PUT', 'world', {
      resources: [
        {
          id: cluster,
          name: 'aks',
          location: 'westeurope',
          properties: { oidcIssuerProfile: { enabled: true, issuerURL: issuer } },
        },
        { id: identity, name: 'id', location: 'westeurope', properties: { clientId, principalId } },
      ],
    });
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  const trust = (changes: object = {}) =>
    azure.arm('PUT', `${identity}/federatedIdentityCredentials/shop?api-version=2024-11-30`, {
      body: {
        properties: {
          issuer,
          subject: 'system:serviceaccount:shop:orders',
          audiences: ['api://AzureADTokenExchange'],
          ...changes,
        },
      },
    });
  const tokenOf = async (changes: object = {}) =>
    textAt(
      await azure.control('POST', 'tokens', {
        cluster,
        namespace: 'shop',
        serviceAccount: 'orders',
        ...changes,
      }),
      'token',
    ) ?? '';
  const exchange = (of: { tenantId?: string; clientId?: string; assertion: string }) =>
    exchangeAssertions({ ...options, httpClient: viaGateway(azure.simulator.url) })({
      tenantId,
      clientId,
      ...of,
    });

  it('says whom the token is for, and nothing else', async () => {
    await trust();
    const result = await exchange({ assertion: await tokenOf() });

    expect(result).toEqual({ issued: true, appid: clientId, oid: principalId, tid: tenantId });
  });

  it.each<[number, string, () => Promise<Parameters<typeof exchange>[0]>]>([
    [700211, 'retry', async () => ({ assertion: await tokenOf() })],
    [
      700213,
      'retry',
      async () => {
        await trust({ subject: 'system:serviceaccount:shop:other' });
        return { assertion: await tokenOf() };
      },
    ],
    [
      700212,
      'audience',
      async () => {
        await trust();
        return { assertion: await tokenOf({ audience: 'api://other' }) };
      },
    ],
    [
      700016,
      'clientId',
      async () => ({
        clientId: '44444444-4444-4444-8444-444444444444',
        assertion: await tokenOf(),
      }),
    ],
    [
      700024,
      'newAssertion',
      async () => {
        await trust();
        const assertion = await tokenOf({ expirationSeconds: 600 });
        azure.advanceMinutes(20);
        return { assertion };
      },
    ],
    [
      90002,
      'person',
      async () => ({
        tenantId: '44444444-4444-4444-8444-444444444444',
        assertion: await tokenOf(),
      }),
    ],
  ])('takes AADSTS%d for: %s', async (code, remedy, prepare) => {
    const of = await prepare();
    const result = await exchange(of);

    expect(result).toMatchObject({
      issued: false,
      code,
      remedy,
      message: expect.stringContaining(`AADSTS${code}`) as string,
    });
    expect(JSON.stringify(result)).not.toContain(of.assertion);
  });

  it('is worth repeating until a new credential has spread', async () => {
    await azure.control('PATCH', 'behaviour', { credentials: { effectMinutes: 3 } });
    await trust();
    const assertion = await tokenOf();
    const before = await exchange({ assertion });
    azure.advanceMinutes(5);

    expect([before, await exchange({ assertion })]).toMatchObject([
      { code: 70021, remedy: 'retry' },
      { issued: true },
    ]);
  });
});

describe('what else comes instead of an answer', () => {
  const answering = (status: number, body: unknown): HttpClient => ({
    sendRequest: (request) =>
      Promise.resolve({
        status,
        request,
        headers: createHttpHeaders(),
        bodyAsText: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  });
  const result = (httpClient: HttpClient) =>
    exchangeAssertions({ ...options, httpClient })({
      tenantId,
      clientId,
      assertion: 'very-secret',
    });

  it.each([
    [53003, 'person'],
    [50005, 'person'],
    [90061, 'reconcileCluster'],
    [7002138, 'retry'],
    [123, 'person'],
  ])('AADSTS%d is for: %s', async (code, remedy) => {
    await expect(
      result(answering(400, { error: 'invalid_grant', error_description: `AADSTS${code}: why` })),
    ).resolves.toMatchObject({ code, remedy });
  });

  it.each<[string, HttpClient]>([
    ['too many requests', answering(429, {})],
    ['a failure', answering(503, '<html>')],
    ['a failure that Entra calls temporary', answering(400, { error: 'temporarily_unavailable' })],
    [
      'no connection',
      {
        sendRequest: (request) =>
          Promise.reject(new RestError('connect ECONNREFUSED', { code: 'ECONNREFUSED', request })),
      },
    ],
  ])('%s is worth another try, and tells nobody the assertion', async (_what, httpClient) => {
    const error: unknown = await result(httpClient).catch((one: unknown) => one);

    expect(error).toBeInstanceOf(TransientError);
    expect(
      JSON.stringify([error, { ...(error as object) }, String((error as Error).cause)]),
    ).not.toContain('very-secret');
  });

  it.each(['', '<html>', '{}', '{"error_codes":"x"}'])(
    'a refusal that says %j is for a person',
    async (body) => {
      await expect(result(answering(400, body))).resolves.toEqual({
        issued: false,
        code: 0,
        remedy: 'person',
        message: 'Entra answers 400.',
      });
    },
  );

  it.each([{}, { access_token: 'x' }, { access_token: 'a.e30.c' }, ''])(
    'a token that says nothing proves nothing: %j',
    async (body) => {
      await expect(result(answering(200, body))).rejects.toMatchObject({
        failure: { code: 'NotVerified' },
      });
    },
  );
});
