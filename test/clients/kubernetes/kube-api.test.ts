import fc from 'fast-check';

import type { KubeApi } from '../../../clients/kubernetes/kube-api';
import { AnswerTooLarge } from '../../../clients/kubernetes/transport';
import { anApiServer, apiOf, asking, json, refusal, tokens } from './an-api-server';
import type { Answering } from './an-api-server';

const pods = '/api/v1/pods';

describe('Secrets', () => {
  it.each([
    '/api/v1/secrets',
    '/api/v1/namespaces/orders/secrets',
    '/api/v1/namespaces/orders/secrets/key',
    '/api/v1/namespaces/orders/Secrets/key',
    '/api/v1/watch/secrets',
    '/api/v1/watch/namespaces/orders/secrets',
    '/api/v1/namespaces/orders/%73ecrets',
    '/api/v1/namespaces/orders//secrets',
    '/api/v1/namespaces/orders/pods/../secrets',
    '/api/v1/namespaces/orders/./secrets',
    '/api/v1/namespaces/orders\\secrets',
    '/api/v1/namespaces/default/services/https:kubernetes:443/proxy/api/v1/secrets',
    'https://cluster/api/v1/secrets',
    '/api/v1/secrets?limit=1',
  ])('are out of reach: %s', async (path) => {
    const calls: ((api: KubeApi) => Promise<unknown>)[] = [
      (api) => api.get(path),
      (api) => api.list(path),
      (api) => api.text(path),
      (api) => api.create(path, {}),
      (api) => api.apply(path, {}),
      (api) => api.mergePatch(path, {}),
      (api) => api.jsonPatch(path, []),
      (api) => api.remove(path, { uid: '1' }),
    ];
    const outcomes = await Promise.all(
      calls.map((call) =>
        asking((_heard, response) => {
          json(response, {});
        }, call),
      ),
    );

    expect(outcomes.map(({ error }) => error instanceof Error)).toEqual(calls.map(() => true));
    expect(outcomes.flatMap(({ heard }) => heard)).toEqual([]);
  });

  it('are no reason to refuse what is only called so', async () => {
    const paths = [
      '/api/v1/namespaces/secrets',
      '/api/v1/namespaces/secrets/pods',
      '/api/v1/namespaces/orders/configmaps/secrets',
      '/apis/apps/v1/namespaces/secrets/deployments/secrets',
      '/apis/secrets-store.csi.x-k8s.io/v1/secretproviderclasses',
    ];
    const { value } = await asking(
      (_heard, response) => {
        json(response, { ok: true });
      },
      (api) => Promise.all(paths.map((path) => api.get(path))),
    );

    expect(value).toEqual(paths.map(() => ({ ok: true })));
  });

  it('are never asked for, however a path is put together', async () => {
    await using server = await anApiServer((_heard, response) => {
      json(response, {});
    });
    const api = await apiOf([server.kubeconfig()]);
    const segment = fc.constantFrom(
      'api',
      'apis',
      'v1',
      'namespaces',
      'secrets',
      'SECRETS',
      'watch',
      'x',
      '..',
      '.',
      '',
      '%2e',
      'proxy',
      'pods',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(segment, { maxLength: 8 }), async (segments) => {
        const before = server.heard.length;
        await api.get(`/${segments.join('/')}`).catch(() => undefined);
        for (const { url } of server.heard.slice(before)) {
          expect(url.pathname).not.toMatch(
            /^\/api\/v1\/(watch\/)?(namespaces\/[^/]+\/)?secrets(\/|$)/i,
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('writes', () => {
  const path = '/apis/apps/v1/namespaces/orders/deployments/api';
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api' } };
  const answered: Answering = (_heard, response) => {
    json(response, { done: true });
  };

  it.each<[string, (api: KubeApi) => Promise<unknown>, object]>([
    [
      'create',
      (api) => api.create('/apis/apps/v1/namespaces/orders/deployments', deployment),
      {
        method: 'POST',
        type: 'application/json',
        query: 'fieldManager=aks-identity-steward',
        body: deployment,
      },
    ],
    [
      'rehearse',
      (api) => api.create('/api/v1/namespaces/orders/pods', deployment, { dryRun: true }),
      {
        method: 'POST',
        type: 'application/json',
        query: 'fieldManager=aks-identity-steward&dryRun=All',
        body: deployment,
      },
    ],
    [
      'apply',
      (api) => api.apply(path, deployment),
      {
        method: 'PATCH',
        type: 'application/apply-patch+yaml',
        query: 'fieldManager=aks-identity-steward&force=false',
        body: deployment,
      },
    ],
    [
      'apply by force, dry',
      (api) => api.apply(path, deployment, { dryRun: true, force: true }),
      {
        method: 'PATCH',
        type: 'application/apply-patch+yaml',
        query: 'fieldManager=aks-identity-steward&dryRun=All&force=true',
        body: deployment,
      },
    ],
    [
      'json patch',
      (api) => api.jsonPatch(path, [{ op: 'test', path: '/a', value: null }]),
      {
        method: 'PATCH',
        type: 'application/json-patch+json',
        query: 'fieldManager=aks-identity-steward',
        body: [{ op: 'test', path: '/a', value: null }],
      },
    ],
    [
      'merge patch',
      (api) => api.mergePatch(path, { spec: null }),
      {
        method: 'PATCH',
        type: 'application/merge-patch+json',
        query: 'fieldManager=aks-identity-steward',
        body: { spec: null },
      },
    ],
    [
      'remove',
      (api) => api.remove(path, { uid: 'u-1', graceSeconds: 30 }),
      {
        method: 'DELETE',
        type: 'application/json',
        query: '',
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid: 'u-1' },
          propagationPolicy: 'Background',
          gracePeriodSeconds: 30,
        },
      },
    ],
  ])('%s', async (_what, write, expected) => {
    const { heard, error } = await asking(answered, write);
    const [sent] = heard.map(({ method, url, headers, body }) => ({
      method,
      type: headers['content-type'],
      query: url.search.slice(1),
      body: JSON.parse(body) as unknown,
    }));

    expect(error).toBeUndefined();
    expect(sent).toEqual(expected);
  });

  it('takes for done what is gone already', async () => {
    const { error } = await asking(
      (_heard, response) => {
        json(response, refusal(404, 'NotFound', 'not found'), 404);
      },
      (api) => api.remove(path, { uid: '1' }),
    );

    expect(error).toBeUndefined();
  });

  it('asks for a token of a service account, for an audience and a time', async () => {
    const { value, heard } = await asking(
      (_heard, response) => {
        json(response, { status: { token: 'jwt' } }, 201);
      },
      (api) =>
        api.createToken({
          namespace: 'orders',
          serviceAccount: 'api',
          audiences: ['api://AzureADTokenExchange'],
          seconds: 600,
        }),
    );

    expect(value).toBe('jwt');
    expect([heard[0]?.method, heard[0]?.url.pathname]).toEqual([
      'POST',
      '/api/v1/namespaces/orders/serviceaccounts/api/token',
    ]);
    expect(JSON.parse(heard[0]?.body ?? '')).toMatchObject({
      kind: 'TokenRequest',
      spec: { audiences: ['api://AzureADTokenExchange'], expirationSeconds: 600 },
    });
  });
});

it('says with one error type that an answer is too large for a text', async () => {
  const { error } = await asking(
    (_heard, response) => {
      response.end(Buffer.alloc(33 * 1024 * 1024, 'x'));
    },
    (api) => api.text('/metrics'),
  );

  expect(error).toBeInstanceOf(AnswerTooLarge);
});

it('gives nothing for an object that does not exist', async () => {
  const { value, error } = await asking(
    (_heard, response) => {
      json(response, refusal(404, 'NotFound', 'x'), 404);
    },
    (api) => api.get(pods),
  );

  expect([value, error]).toEqual([undefined, undefined]);
});

it('never shows its token', async () => {
  await using server = await anApiServer((_heard, response) => {
    json(response, refusal(403, 'Forbidden', 'no'), 403);
  });
  const api = await apiOf([server.kubeconfig()], tokens('very-secret'));
  const error: unknown = await api.get(pods).catch((one: unknown) => one);

  expect(server.heard[0]?.headers.authorization).toBe('Bearer very-secret');
  expect(JSON.stringify([error, String(error), (error as Error).stack])).not.toContain(
    'very-secret',
  );
});
