import { ManagedIdentityCredential } from '@azure/identity';

import { at } from '../../simulator/json';
import { drive } from './support/running';
import type { Driven } from './support/running';

const scope = 'https://management.azure.com/.default';
const tokenPath =
  '/_identity/token?resource=https%3A%2F%2Fmanagement.azure.com&api-version=2019-08-01';
const steward = '6f0d5f4c-6a38-4b8f-9b7e-0f3c5a1d2e90';

describe('the managed-identity endpoint', () => {
  let azure: Driven;
  const environment = { ...process.env };
  beforeAll(async () => {
    azure = await drive();
    process.env['IDENTITY_ENDPOINT'] = `${azure.simulator.url}/_identity/token`;
    process.env['IDENTITY_HEADER'] = steward;
  });
  afterAll(async () => {
    process.env = environment;
    await azure[Symbol.asyncDispose]();
  });

  it('gives ManagedIdentityCredential a token for the principal in the header', async () => {
    const token = await new ManagedIdentityCredential().getToken(scope);

    expect(claimsOf(token.token)).toMatchObject({
      oid: steward,
      aud: 'https://management.azure.com',
    });
    expect(token.expiresOnTimestamp).toBeGreaterThan(Date.now());
  });

  it('lets ARM know the caller by the token', async () => {
    const { token } = await new ManagedIdentityCredential().getToken(scope);

    await azure.arm('GET', '/subscriptions?api-version=2022-12-01', {
      headers: { authorization: `Bearer ${token}` },
    });
    const calls = await azure.control('GET', 'calls');

    expect(calls).toContainEqual(expect.objectContaining({ principal: steward, status: 200 }));
  });

  it('derives a principal from any other header', async () => {
    const first = await fetch(`${azure.simulator.url}${tokenPath}`, {
      headers: { 'x-identity-header': 'steward' },
    });
    const second = await fetch(`${azure.simulator.url}${tokenPath}`, {
      headers: { 'x-identity-header': 'somebody else' },
    });
    const [one, other] = await Promise.all([oidOf(first), oidOf(second)]);

    expect(one).toMatch(/^[0-9a-f]{8}-/);
    expect(other).not.toBe(one);
  });

  it('refuses a request without the header', async () => {
    const { status } = await azure.arm('GET', tokenPath);

    expect(status).toBe(400);
  });

  it('is not needed for ARM to refuse requests without a token', async () => {
    const reply = await azure.arm('GET', '/subscriptions?api-version=2022-12-01', {
      headers: { authorization: '' },
    });

    expect(reply.status).toBe(401);
    expect(at(reply.body, 'error', 'code')).toBe('AuthenticationFailed');
  });

  it('makes ARM refuse an expired token', async () => {
    const claims = Buffer.from(JSON.stringify({ oid: steward, exp: 1000 })).toString('base64url');

    const reply = await azure.arm('GET', '/subscriptions?api-version=2022-12-01', {
      headers: { authorization: `Bearer e30.${claims}.` },
    });

    expect(reply.status).toBe(401);
    expect(at(reply.body, 'error', 'code')).toBe('ExpiredAuthenticationToken');
  });
});

async function oidOf(response: Response): Promise<unknown> {
  const { access_token: token } = (await response.json()) as { access_token: string };
  return claimsOf(token)['oid'];
}

function claimsOf(token: string): Record<string, unknown> {
  const [, claims = ''] = token.split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
}
