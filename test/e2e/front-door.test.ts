import { eventually } from './support/steward-process';
import { startOneHost } from './support/one-host';
import type { OneHost } from './support/one-host';

jest.setTimeout(60_000);

const cluster = 'c1';
/** Every route, and the role without which it is closed. */
const routes = [
  ['POST', 'clusters', 'Fleet.Onboard'],
  ['GET', 'clusters', 'Fleet.Read'],
  ['GET', `clusters/${cluster}`, 'Fleet.Read'],
  ['GET', `clusters/${cluster}/identities`, 'Fleet.Read'],
  ['POST', 'migrations', 'Fleet.Remediate'],
  ['GET', 'migrations', 'Fleet.Read'],
  ['GET', 'migrations/m1', 'Fleet.Read'],
  ['GET', 'migrations/m1/plan', 'Fleet.Read'],
  ['GET', 'migrations/m1/files', 'Fleet.Read'],
  ['GET', 'migrations/m1/burn-down', 'Fleet.Read'],
  ['POST', 'migrations/m1/apply', 'Fleet.Approve'],
  ['POST', 'migrations/m1/rollback', 'Fleet.Remediate'],
  ['POST', `clusters/${cluster}/pod-identity/enable`, 'Fleet.Remediate'],
  ['POST', `clusters/${cluster}/pod-identity-proofs`, 'Fleet.Remediate'],
  ['GET', `clusters/${cluster}/pod-identity-proofs/p1`, 'Fleet.Read'],
  ['POST', `clusters/${cluster}/pod-identity/exceptions/add`, 'Fleet.Remediate'],
  ['GET', 'metrics', 'Fleet.Read'],
  ['GET', 'permissions', 'Fleet.Read'],
  ['GET', 'plans', 'Fleet.Read'],
  ['GET', 'plans/p1', 'Fleet.Read'],
  ['GET', 'runs', 'Fleet.Read'],
  ['GET', 'runs/r1', 'Fleet.Read'],
  ['GET', 'runs/r1/undo', 'Fleet.Read'],
] as const;
const roles = ['Fleet.Read', 'Fleet.Onboard', 'Fleet.Remediate', 'Fleet.Approve', 'Fleet.Admin'];

function signedIn(...held: readonly string[]): Record<string, string> {
  const claims = held.map((val) => ({ typ: 'roles', val }));
  const principal = JSON.stringify({ auth_typ: 'aad', name_typ: 'n', role_typ: 'r', claims });
  return { 'x-ms-client-principal': Buffer.from(principal).toString('base64') };
}

async function ask(
  host: OneHost,
  [method, path]: readonly [string, string, ...unknown[]],
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly code: unknown }> {
  const response = await fetch(`${host.url}/api/v1/${path}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    ...(method === 'POST' && { body: '{"unknown":true}' }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  const body = (isJson ? JSON.parse(text) : {}) as { readonly code?: unknown };
  return { status: response.status, code: body.code };
}

function admin(host: OneHost, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { 'x-functions-key': host.keys.master, 'content-type': 'application/json' };
  return fetch(`${host.url}/admin/functions${path}`, { ...init, headers });
}

/** The routes that the app has registered, as the host lists them. */
async function registered(host: OneHost): Promise<readonly string[]> {
  const answer = await admin(host, '');
  const functions = (await answer.json()) as {
    readonly config: { readonly bindings: readonly Record<string, unknown>[] };
  }[];
  return functions
    .flatMap(({ config }) => config.bindings)
    .filter(({ type }) => type === 'httpTrigger')
    .map(({ methods, route }) => `${String(methods)} ${String(route)}`.toUpperCase())
    .sort();
}

describe('with STEWARD_AUTH=entra', () => {
  let host: OneHost;
  beforeAll(async () => {
    host = await startOneHost({ STEWARD_AUTH: 'entra', WEBSITE_AUTH_ENABLED: 'True' });
  });
  afterAll(() => host[Symbol.asyncDispose]());

  it('has a row here for every route', async () => {
    expect(await registered(host)).toHaveLength(routes.length + 1); // and health
  });

  describe.each(routes)('%s %s', (...route) => {
    const [, , needed] = route;

    it.each(roles)('is open to %s, or says that it is not', async (role) => {
      const mayPass = role === needed || role === 'Fleet.Admin' || needed === 'Fleet.Read';

      const { status, code } = await ask(host, route, signedIn(role));

      if (mayPass) expect([401, 403]).not.toContain(status);
      else expect({ status, code }).toEqual({ status: 403, code: 'forbidden' });
    });

    it('is closed to whoever has a function key and no token', async () => {
      const answer = await ask(host, route, { 'x-functions-key': host.keys.default });

      expect(answer).toEqual({ status: 401, code: 'unauthenticated' });
    });

    it('is closed to whoever has no role', async () => {
      const answer = await ask(host, route, signedIn());

      expect(answer).toEqual({ status: 403, code: 'forbidden' });
    });
  });
});

describe('with STEWARD_AUTH=entra and no App Service authentication in front', () => {
  it('is closed to everybody: whoever asks may have made the header up', async () => {
    await using host = await startOneHost({ STEWARD_AUTH: 'entra' });

    for (const route of routes) {
      const answer = await ask(host, route, signedIn('Fleet.Admin'));

      expect(answer).toEqual({ status: 401, code: 'unauthenticated' });
    }
  });
});

describe('with keys', () => {
  it('every route needs one, and no header stands in for it', async () => {
    await using host = await startOneHost({ WEBSITE_AUTH_ENABLED: 'True' });

    for (const route of routes) {
      const [without, withKey] = [
        await ask(host, route, signedIn('Fleet.Admin')),
        await ask(host, route, { 'x-functions-key': host.keys.default }),
      ];

      expect({ route, status: without.status }).toEqual({ route, status: 401 });
      expect([401, 403]).not.toContain(withKey.status);
    }
  });

  it('a probe needs none, and learns nothing else', async () => {
    await using host = await startOneHost({});

    const answer = await fetch(`${host.url}/api/health`);

    expect({ status: answer.status, text: await answer.text() }).toEqual({
      status: 200,
      text: '{"status":"ok"}',
    });
  });
});

describe('with STEWARD_ENABLED=false', () => {
  it('can be looked at, and starts nothing', async () => {
    await using host = await startOneHost({ STEWARD_ENABLED: 'false' });
    const key = { 'x-functions-key': host.keys.default };

    for (const route of routes) {
      const { status, code } = await ask(host, route, key);

      const off = { status: 503, code: 'switched-off' };
      if (route[0] === 'POST') expect({ route, status, code }).toEqual({ route, ...off });
      else expect({ route, code }).not.toEqual({ route, code: 'switched-off' });
    }
  });
});

describe('with STEWARD_EVENT_DELIVERY=queue', () => {
  const event = {
    specversion: '1.0',
    id: 'e1',
    source:
      '/subscriptions/4e1f6a52-0c8d-4b5e-8f37-9a2d6c11b001/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-1',
    type: 'Microsoft.ContainerService.NodePoolRollingSucceeded',
    time: '2026-11-24T09:00:00Z',
    data: { nodePoolName: 'apps' },
  };

  it('the app has a function for the queue, which the local host runs by hand only, and says so', async () => {
    await using host = await startOneHost({
      STEWARD_EVENT_DELIVERY: 'queue',
      StewardEvents__queueServiceUri: 'https://st7q3.queue.core.windows.net',
    });

    const body = JSON.stringify({ input: JSON.stringify(event) });
    const run = await admin(host, '/queuedClusterEvents', { method: 'POST', body });

    expect(run.status).toBe(202);
    expect((await admin(host, '/clusterEvents')).status).toBe(404); // no second way in
    await eventually(() => /clusterEvent\.handled/.exec(host.output()));
    expect(host.output()).toContain(
      'The function is not served: This host has no binding of type \\"queueTrigger\\".',
    );
  });

  it('is what has to be asked for', async () => {
    await using host = await startOneHost({});

    const { status } = await admin(host, '/queuedClusterEvents');

    expect(status).toBe(404);
    expect(host.output()).not.toContain('queuedClusterEvents');
  });
});
