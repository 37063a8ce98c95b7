import { ClientAssertionCredential, ClientSecretCredential } from '@azure/identity';

import { at, textAt } from '../../../simulator/json';
import { httpClientTo } from '../support/http-client';
import { drive } from '../support/running';
import type { Driven } from '../support/running';

const subscription = '/subscriptions/00000000-0000-4000-8000-000000000001';
const group = `${subscription}/resourceGroups/rg`;
const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/aks`;
const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
const tenant = 'c3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10';
const issuer = `https://westeurope.oic.prod-aks.azure.com/${tenant}/5f0c1f3e-1111-4222-8333-444455556666/`;
const clientId = '22222222-2222-4222-8222-222222222222';
const principalId = '33333333-3333-4333-8333-333333333333';
const scope = 'https://management.azure.com/.default';
const trust = {
  issuer,
  subject: 'system:serviceaccount:shop:orders',
  audiences: ['api://AzureADTokenExchange'],
};

describe('the token endpoint', () => {
  let azure: Driven;
  beforeEach(async () => {
    azure = await drive({ scenario: { tenantId: tenant } });
    await azure.control('PUT', 'world', {
      resources: [
        {
          ...{ id: cluster, name: 'aks', location: 'westeurope' },
          properties: { oidcIssuerProfile: { enabled: true, issuerURL: issuer } },
        },
        {
          ...{ id: identity, name: 'id', location: 'westeurope' },
          properties: { clientId, principalId },
        },
        {
          id: '/providers/Microsoft.Graph/applications/app',
          properties: { clientId: 'app', principalId: 'app-principal' },
          $truth: { secret: 'right' },
        },
      ],
    });
  });
  afterEach(() => azure[Symbol.asyncDispose]());

  const federate = (properties: object = trust) =>
    azure.arm('PUT', `${identity}/federatedIdentityCredentials/shop?api-version=2024-11-30`, {
      body: { properties },
    });

  async function projected(changes: object = {}): Promise<string> {
    const wanted = { cluster, namespace: 'shop', serviceAccount: 'orders', ...changes };
    return textAt(await azure.control('POST', 'tokens', wanted), 'token') ?? '';
  }

  const sdk = () => ({
    httpClient: httpClientTo(azure.simulator.url),
    disableInstanceDiscovery: true,
    retryOptions: { maxRetries: 0 },
  });

  async function exchange(changes: Readonly<Record<string, string>> = {}, of = tenant) {
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      ...changes,
    };
    const answer = await fetch(`${azure.simulator.url}/${of}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, never> };
  }

  it('gives the SDK a token for a pod whose service account is trusted', async () => {
    await federate();
    const credential = new ClientAssertionCredential(tenant, clientId, () => projected(), sdk());

    const { token } = await credential.getToken(scope);

    const claims = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
    ) as object;
    expect(claims).toMatchObject({
      appid: clientId,
      oid: principalId,
      tid: tenant,
      aud: 'https://management.azure.com',
    });
  });

  it('gives an application a token for its secret', async () => {
    const right = new ClientSecretCredential(tenant, 'app', 'right', sdk());
    const wrong = new ClientSecretCredential(tenant, 'app', 'wrong', sdk());

    expect((await right.getToken(scope)).token).toMatch(/^ey/);
    await expect(wrong.getToken(scope)).rejects.toThrow('AADSTS7000215');
  });

  it.each<readonly [number, string, () => Promise<Record<string, string>>]>([
    [
      700211,
      'no credential for the issuer',
      async () => {
        await federate({ ...trust, issuer: issuer.replace(/\/$/, '') });
        return { client_assertion: await projected() };
      },
    ],
    [
      700213,
      'another service account',
      async () => {
        await federate();
        return { client_assertion: await projected({ serviceAccount: 'Orders' }) };
      },
    ],
    [
      700212,
      'another audience',
      async () => {
        await federate();
        return { client_assertion: await projected({ audience: 'api://AKSIdentityBinding' }) };
      },
    ],
    [
      700024,
      'an assertion that is over',
      async () => {
        await federate();
        const client_assertion = await projected({ expirationSeconds: 600 });
        azure.advanceMinutes(11);
        return { client_assertion };
      },
    ],
    [
      700016,
      'a client that is not there',
      async () => ({
        client_id: principalId,
        client_assertion: await projected(),
      }),
    ],
    [
      700027,
      'an assertion that somebody else signed',
      async () => {
        await federate();
        const [head = '', claims = ''] = (await projected()).split('.');
        return {
          client_assertion: [head, claims, Buffer.alloc(256, 1).toString('base64url')].join('.'),
        };
      },
    ],
    [50027, 'something that is no token', () => Promise.resolve({ client_assertion: 'nonsense' })],
    [900144, 'no scope', () => Promise.resolve({ scope: '', client_assertion: 'x' })],
    [
      70011,
      'a scope of single permissions',
      () => Promise.resolve({ scope: 'user.read', client_assertion: 'x' }),
    ],
    [70003, 'another grant', () => Promise.resolve({ grant_type: 'password' })],
  ])('answers AADSTS%i to %s', async (code, _name, prepare) => {
    const { status, body } = await exchange(await prepare());

    expect([400, 401]).toContain(status);
    expect(body).toMatchObject({
      error_codes: [code],
      error_description: expect.stringMatching(new RegExp(`^AADSTS${code}: `)) as string,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    });
  });

  it('does not know other tenants', async () => {
    const { status, body } = await exchange({ client_assertion: 'x' }, clientId);

    expect([status, body['error_codes']]).toEqual([400, [90002]]);
  });

  it('cannot check what a cluster that is gone has signed', async () => {
    await federate();
    const client_assertion = await projected();
    const world = (await azure.control('GET', 'world')) as Record<string, { id: string }>;
    const rest = Object.values(world).filter(({ id }) => id !== cluster);
    await azure.control('PUT', 'world', { resources: rest });

    expect((await exchange({ client_assertion })).body['error_codes']).toEqual([90061]);
  });

  it('takes a while to see a new credential, where the world is so', async () => {
    await azure.control('PATCH', 'behaviour', { credentials: { effectMinutes: 2 } });
    await federate();
    const early = await exchange({ client_assertion: await projected() });
    azure.advanceMinutes(3);
    const later = await exchange({ client_assertion: await projected() });

    expect([early.body['error_codes'], later.status]).toEqual([[70021], 200]);
  });

  it('publishes the keys of the tenant and of the cluster, which the tokens are signed with', async () => {
    const path = new URL(issuer).pathname;
    const discovery = await azure.arm('GET', `${path}.well-known/openid-configuration`);
    const ofCluster = await azure.arm('GET', `${path}openid/v1/jwks`);
    const ofTenant = await azure.arm('GET', `/${tenant}/discovery/v2.0/keys`);
    const [head = ''] = (await projected()).split('.');
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };

    expect(discovery.body).toMatchObject({ issuer, jwks_uri: `${issuer}openid/v1/jwks` });
    expect(ofCluster.body).toMatchObject({ keys: [{ kid, kty: 'RSA', alg: 'RS256' }] });
    expect(ofTenant.body).toEqual(ofCluster.body);
  });
});

describe('federated credentials that are written at the same time', () => {
  it('are refused below one identity, and not below two', async () => {
    await using azure = await drive({
      scenario: { behaviour: { credentials: { writeSeconds: 4 } } },
    });
    const ids = [identity, `${identity}-2`];
    await azure.control('PUT', 'world', {
      resources: ids.map((id) => ({ id, location: 'westeurope', properties: { principalId: id } })),
    });
    const write = (id: string, name: string) =>
      azure.arm('PUT', `${id}/federatedIdentityCredentials/${name}?api-version=2024-11-30`, {
        body: { properties: { ...trust, subject: name } },
      });

    const first = await write(identity, 'one');
    const second = await write(identity, 'two');
    const elsewhere = await write(`${identity}-2`, 'two');
    azure.simulator.clock.advance(4000);
    const later = await write(identity, 'two');

    expect([first, second, elsewhere, later].map(({ status }) => status)).toEqual([
      201, 409, 201, 201,
    ]);
    expect(at(second.body, 'error', 'code')).toBe('Conflict');
  });
});
