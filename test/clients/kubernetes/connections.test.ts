import { TransientError } from '../../../domain/outcome';
import { correlated } from '../../../clients/correlation';
import { armGuid } from '../../../domain/arm/guid';
import { anApiServer, apiOf, json, refusal, tokens } from './an-api-server';
import type { Answering } from './an-api-server';

const ok: Answering = (_heard, response) => {
  json(response, { ok: true });
};
const version = '/version';

describe('the way to an API server', () => {
  it('proves who Steward is by a token of its own, whatever program the kubeconfig names', async () => {
    await using server = await anApiServer(ok);
    const api = await apiOf([server.kubeconfig('entra')], tokens('entra-token'));
    await api.get(version);

    expect(api.access).toEqual({ identity: 'steward', way: 'direct' });
    expect(server.heard[0]?.headers.authorization).toBe('Bearer entra-token');
  });

  it('takes the local account of a cluster without Entra, and says that it has', async () => {
    await using server = await anApiServer(ok);
    const api = await apiOf([server.kubeconfig('local')], tokens('entra-token'));
    await api.get(version);

    expect(api.access).toEqual({ identity: 'localAccount', way: 'direct' });
    expect(server.heard[0]?.headers.authorization).toBe('Bearer local-token');
  });

  it('carries the id of the run into the audit log', async () => {
    await using server = await anApiServer(ok);
    const api = await apiOf([server.kubeconfig()]);
    await correlated(armGuid('steward', 'run_1'), () => api.get(version));
    const headers = server.heard[0]?.headers ?? {};

    expect(headers['audit-id']).toBe(armGuid('steward', 'run_1'));
    expect(headers['x-ms-correlation-request-id']).toBe(headers['audit-id']);
  });

  it('keeps its connection', async () => {
    await using server = await anApiServer(ok);
    const api = await apiOf([server.kubeconfig()]);
    for (let turn = 0; turn < 5; turn += 1) await api.get(version);

    expect(server.heard).toHaveLength(5);
    expect(server.sockets.size).toBe(1);
  });

  it('says nothing to a server whose certificate another authority has signed', async () => {
    await using server = await anApiServer(ok, { seed: 1, trusts: 2 });
    const api = await apiOf([server.kubeconfig()]);
    const error: unknown = await api.get(version).catch((one: unknown) => one);

    expect(error).toMatchObject({ failure: { code: 'NotVerified' } });
    expect(server.heard).toEqual([]);
  });

  it('reads the kubeconfig anew when the authority was rotated', async () => {
    await using server = await anApiServer(ok, { seed: 2 });
    await using old = await anApiServer(ok, { seed: 2, trusts: 1 });
    const api = await apiOf([old.kubeconfig(), server.kubeconfig()]);

    await expect(api.get(version)).resolves.toEqual({ ok: true });
    expect(old.heard).toEqual([]);
  });

  it('reads the kubeconfig anew when the cluster answers at another address', async () => {
    await using server = await anApiServer(ok);
    const gone = await anApiServer(ok);
    await gone[Symbol.asyncDispose]();
    const api = await apiOf([gone.kubeconfig(), server.kubeconfig()]);

    await expect(api.get(version)).resolves.toEqual({ ok: true });
  });

  it('asks once more with a new token when the old one has expired', async () => {
    await using server = await anApiServer(({ headers }, response) => {
      if (headers.authorization === 'Bearer new') json(response, { ok: true });
      else json(response, refusal(401, 'Unauthorized', 'Unauthorized'), 401);
    });
    const api = await apiOf([server.kubeconfig()], tokens('old', 'new'));

    await expect(api.get(version)).resolves.toEqual({ ok: true });
    expect(server.heard).toHaveLength(2);
  });

  it('takes a second refusal for the answer', async () => {
    await using server = await anApiServer((_heard, response) => {
      json(response, refusal(401, 'Unauthorized', 'Unauthorized'), 401);
    });
    const api = await apiOf([server.kubeconfig()]);

    await expect(api.get(version)).rejects.toMatchObject({ reason: 'Unauthenticated' });
    expect(server.heard).toHaveLength(2);
  });

  it.each<[string, Answering]>([
    [
      'a connection that ends in the middle of the body',
      (_heard, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"items":[', () => {
          response.destroy();
        });
      },
    ],
    [
      'a connection that ends in the middle of a chunked body',
      (_heard, response) => {
        response.write('{"items":[', () => {
          response.destroy();
        });
      },
    ],
    [
      'a connection that ends before an answer',
      (_heard, response) => {
        response.destroy();
      },
    ],
    [
      'a busy server',
      (_heard, response) => {
        json(response, refusal(429, 'TooManyRequests', 'slow down'), 429);
      },
    ],
    [
      'a server that fails',
      (_heard, response) => {
        json(response, refusal(500, 'InternalError', 'failed calling webhook'), 500);
      },
    ],
  ])('is worth another try after %s', async (_what, answer) => {
    await using server = await anApiServer(answer);
    const api = await apiOf([server.kubeconfig()]);

    await expect(api.list('/api/v1/pods')).rejects.toBeInstanceOf(TransientError);
    expect(server.heard).toHaveLength(1);
  });

  it('is worth another try when nobody listens', async () => {
    const gone = await anApiServer(ok);
    await gone[Symbol.asyncDispose]();

    await expect((await apiOf([gone.kubeconfig()])).get(version)).rejects.toBeInstanceOf(
      TransientError,
    );
  });

  it('cannot begin with a kubeconfig that says nothing, and quotes none of it', async () => {
    for (const text of ['', '{', 'key: "very-secret', 'clusters: very-secret']) {
      const error: unknown = await apiOf([text]).catch((one: unknown) => one);

      expect(String(error)).toContain('kubeconfig');
      expect(String(error)).not.toContain('very-secret');
    }
  });
});
