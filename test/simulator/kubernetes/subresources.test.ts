import { createPublicKey, createVerify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';

import { at, objectAt, objectsAt, textAt } from '../../../simulator/json';
import { readJwt } from '../../../simulator/entra/jwt';
import { aDeployment, aPod, enter } from './a-migration-cluster';

const tenant = 'c3b1a7de-52f4-4c0e-9a61-0d7b3e5f9a10';
const issuerURL = `https://westeurope.oic.prod-aks.azure.com/${tenant}/0f1e2d3c-0000-4000-8000-000000000001/`;
const account = '/api/v1/namespaces/default/serviceaccounts/default';
const pods = '/api/v1/namespaces/default/pods';
const tokenRequest = (spec: object) => ({
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenRequest',
  spec,
});

describe('a token request', () => {
  const withIssuer = { properties: { oidcIssuerProfile: { enabled: true, issuerURL } } };

  it('is answered by a token that the published keys of the issuer verify', async () => {
    await using cluster = await enter(withIssuer);
    const audiences = ['api://AzureADTokenExchange'];
    const { status, body } = await cluster.send(
      `POST ${account}/token`,
      tokenRequest({ audiences, expirationSeconds: 600 }),
    );
    const jwt = readJwt(textAt(body, 'status', 'token') ?? '');
    const { url } = cluster.azure.simulator;
    const keys = (await (
      await fetch(`${url}${new URL(issuerURL).pathname}openid/v1/jwks`)
    ).json()) as { keys: JsonWebKey[] };
    const key = createPublicKey({ format: 'jwk', key: keys.keys[0] ?? {} });

    expect(status).toBe(201);
    expect(jwt?.claims).toMatchObject({
      iss: issuerURL,
      aud: audiences,
      sub: 'system:serviceaccount:default:default',
    });
    expect(Number(jwt?.claims['exp']) - Number(jwt?.claims['iat'])).toBe(600);
    expect(
      createVerify('RSA-SHA256')
        .update(jwt?.signed ?? '')
        .verify(key, jwt?.signature ?? Buffer.of()),
    ).toBe(true);
  });

  it('names an issuer of the cluster alone while the OIDC issuer is off', async () => {
    await using cluster = await enter();
    const { body } = await cluster.send(`POST ${account}/token`, tokenRequest({}));
    const claims = readJwt(textAt(body, 'status', 'token') ?? '')?.claims;

    expect(claims?.['iss']).toBe('https://aks-test.azmk8s.io');
    expect(claims?.['aud']).toEqual(['https://aks-test.azmk8s.io']);
  });

  it.each([
    [{ expirationSeconds: 599 }, 422, undefined],
    [{ expirationSeconds: 600 }, 201, 600],
    [{ expirationSeconds: 86_400 }, 201, 86_400],
    [{ expirationSeconds: 100_000 }, 201, 86_400],
  ])('for %j is answered by %d', async (spec, status, seconds) => {
    await using cluster = await enter(withIssuer);
    const reply = await cluster.send(`POST ${account}/token`, tokenRequest(spec));

    expect(reply.status).toBe(status);
    expect(status === 201 ? at(reply.body, 'spec', 'expirationSeconds') : undefined).toBe(seconds);
  });

  it('needs the account', async () => {
    await using cluster = await enter(withIssuer);
    const { status, body } = await cluster.send(`POST ${account}-none/token`, tokenRequest({}));

    expect([status, at(body, 'message')]).toEqual([
      404,
      'serviceaccounts "default-none" not found',
    ]);
  });
});

describe('the log of a pod', () => {
  const two = {
    containers: [
      { name: 'app', image: 'i' },
      { name: 'side', image: 'i' },
    ],
  };
  const podLogs = { 'default/web': 'one\ntwo\nthree\n' };

  it('is what the world document says, or its last lines', async () => {
    await using cluster = await enter({ objects: [aPod('web')], podLogs });
    const log = async (query: string) => (await cluster.send(`GET ${pods}/web/log?${query}`)).body;
    const whole = await log('sinceSeconds=60');
    cluster.azure.advanceMinutes(5);

    expect(whole).toBe('one\ntwo\nthree\n');
    expect(await log('tailLines=2')).toBe('two\nthree\n');
    expect(await log('limitBytes=4')).toBe('one\n');
    expect(await log('sinceSeconds=60')).toBe('');
  });

  it('of several containers is asked for by the name of one', async () => {
    await using cluster = await enter({ objects: [aPod('web', two)], podLogs });
    const unnamed = await cluster.send(`GET ${pods}/web/log`);
    const unknown = await cluster.send(`GET ${pods}/web/log?container=none`);
    const named = await cluster.send(`GET ${pods}/web/log?container=app`);

    expect([unnamed.status, unknown.status, named.status]).toEqual([400, 400, 200]);
    expect(textAt(unnamed.body, 'message')).toContain('choose one of: [app side]');
  });

  it('is gone with the pod', async () => {
    await using cluster = await enter({ objects: [aPod('web')], podLogs });
    await cluster.send(`DELETE ${pods}/web`);
    await cluster.send(`POST ${pods}`, aPod('web'));
    const { body } = await cluster.send(`GET ${pods}/web/log`);

    expect(body).toBe('');
  });

  it('is empty where nothing was written, and absent without the pod', async () => {
    await using cluster = await enter({ objects: [aPod('web')] });
    const [silent, absent] = [
      await cluster.send(`GET ${pods}/web/log`),
      await cluster.send(`GET ${pods}/none/log`),
    ];

    expect([silent.status, silent.body, absent.status]).toEqual([200, '', 404]);
  });
});

describe('the proxy to a pod', () => {
  it('is refused by a pod in which nothing listens', async () => {
    await using cluster = await enter({ objects: [aPod('web')] });
    const { status, body } = await cluster.send(`GET ${pods}/web:9090/proxy/metrics`);

    expect([status, at(body, 'reason')]).toEqual([503, 'ServiceUnavailable']);
    expect(textAt(body, 'message')).toContain(':9090: connect: connection refused');
  });
});

describe('an eviction', () => {
  const running = (name: string) => ({
    ...aPod(name),
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  });
  const budget = (spec: object, status?: object) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
    ...(status && { status }),
  });
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: 'a', namespace: 'default' },
  };

  it.each([
    [{ minAvailable: 2 }, 429],
    [{ minAvailable: 1 }, 201],
    [{ minAvailable: '50%' }, 201],
    [{ minAvailable: '51%' }, 429],
    [{ maxUnavailable: 0 }, 429],
    [{ maxUnavailable: 1 }, 201],
  ])('of one pod of two with a budget of %j is answered by %d', async (spec, status) => {
    await using cluster = await enter({ objects: [running('a'), running('b'), budget(spec)] });
    const reply = await cluster.send(`POST ${pods}/a/eviction`, eviction);
    const left = objectsAt(await cluster.get(pods), 'items').length;

    expect([reply.status, left]).toEqual([status, status === 201 ? 1 : 2]);
  });

  it('that is refused says which budget forbids it', async () => {
    await using cluster = await enter({
      objects: [running('a'), running('b'), budget({ minAvailable: 2 })],
    });
    const { body } = await cluster.send(`POST ${pods}/a/eviction`, eviction);

    expect(at(body, 'reason')).toBe('TooManyRequests');
    expect(at(body, 'message')).toBe(
      "Cannot evict pod as it would violate the pod's disruption budget.",
    );
    expect(objectsAt(body, 'details', 'causes')).toEqual([
      {
        reason: 'DisruptionBudget',
        message: 'The disruption budget web needs 2 healthy pods and has 2 currently',
      },
    ]);
  });

  it('uses up what the disruption controller allows', async () => {
    const counted = budget(
      { minAvailable: 1 },
      { disruptionsAllowed: 1, desiredHealthy: 1, currentHealthy: 2 },
    );
    await using cluster = await enter({ objects: [running('a'), running('b'), counted] });
    const first = await cluster.send(`POST ${pods}/a/eviction`, eviction);
    const second = await cluster.send(`POST ${pods}/b/eviction`, eviction);

    expect([first.status, second.status]).toEqual([201, 429]);
  });

  it('as a dry run leaves the pod', async () => {
    await using cluster = await enter({ objects: [running('a')] });
    const { status } = await cluster.send(`POST ${pods}/a/eviction?dryRun=All`, eviction);

    expect(status).toBe(201);
    await expect(cluster.get(`${pods}/a`)).resolves.toBeDefined();
  });
});

describe('scale and status', () => {
  const path = '/apis/apps/v1/namespaces/default/deployments/web';
  const merge = 'application/merge-patch+json';

  it('change the replicas, and the generation with them', async () => {
    await using cluster = await enter({ objects: [aDeployment('web')] });
    const before = await cluster.get(`${path}/scale`);
    const patched = await cluster.send(`PATCH ${path}/scale`, { spec: { replicas: 4 } }, merge);
    const stale = await cluster.send(`PUT ${path}/scale`, before);
    const after = await cluster.get(path);

    expect(before).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 2 },
      status: { selector: 'app=web' },
    });
    expect([patched.status, stale.status]).toEqual([200, 409]);
    expect([at(after, 'spec', 'replicas'), at(after, 'metadata', 'generation')]).toEqual([4, 1]);
  });

  it('change the status alone, which the object itself does not', async () => {
    await using cluster = await enter({ objects: [aDeployment('web')] });
    const change = { spec: { replicas: 9 }, status: { replicas: 7 } };
    await cluster.send(`PATCH ${path}/status`, change, merge);
    const first = await cluster.get(path);
    await cluster.send(`PATCH ${path}`, { spec: { replicas: 3 }, status: { replicas: 1 } }, merge);
    const second = await cluster.get(path);

    expect([at(first, 'spec', 'replicas'), objectAt(first, 'status')]).toEqual([
      2,
      { replicas: 7 },
    ]);
    expect([at(second, 'spec', 'replicas'), objectAt(second, 'status')]).toEqual([
      3,
      { replicas: 7 },
    ]);
  });

  it('are not there for what has none', async () => {
    await using cluster = await enter();
    const { status } = await cluster.send(`GET ${account}/scale`);

    expect(status).toBe(404);
  });
});
