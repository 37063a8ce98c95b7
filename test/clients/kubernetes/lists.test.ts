import { TransientError } from '../../../domain/outcome';
import { asking, json, refusal } from './an-api-server';
import type { Answering } from './an-api-server';

const pods = '/api/v1/pods';
const pod = (index: number) => ({ metadata: { name: `pod-${index}` } });

/** Serves a list as etcd does: a token is good for one version only. */
function aList(size: number, { expiresOnce = false, mostPerPage = Infinity } = {}): Answering {
  let expired = !expiresOnce;
  return ({ url }, response) => {
    const from = Number(url.searchParams.get('continue') ?? 0);
    const limit = Number(url.searchParams.get('limit'));
    if (limit > mostPerPage) {
      response.writeHead(200);
      response.end(Buffer.alloc(33 * 1024 * 1024, ' '));
      return;
    }
    if (from > 0 && !expired) {
      expired = true;
      json(response, refusal(410, 'Expired', 'The provided continue parameter is too old'), 410);
      return;
    }
    const items = Array.from({ length: size }, (_one, index) => pod(index)).slice(
      from,
      from + limit,
    );
    const next = from + limit < size ? { continue: String(from + limit) } : {};
    json(response, { kind: 'PodList', apiVersion: 'v1', metadata: next, items });
  };
}

const namesOf = (list: readonly object[] | undefined) =>
  list?.map((one) => (one as ReturnType<typeof pod>).metadata.name);

describe('lists', () => {
  it('puts pages of 500 together and says what every object is', async () => {
    const { value, heard } = await asking(aList(1234), (api) => api.list(pods));

    expect(namesOf(value)).toEqual(Array.from({ length: 1234 }, (_one, index) => `pod-${index}`));
    expect(
      new Set(value?.map(({ apiVersion, kind }) => `${String(apiVersion)} ${String(kind)}`)),
    ).toEqual(new Set(['v1 Pod']));
    expect(heard.map(({ url }) => url.searchParams.get('limit'))).toEqual(['500', '500', '500']);
  });

  it('begins anew when its moment is forgotten, and lists nothing twice', async () => {
    const { value, heard } = await asking(aList(1200, { expiresOnce: true }), (api) =>
      api.list(pods),
    );

    expect(new Set(namesOf(value)).size).toBe(1200);
    expect(value).toHaveLength(1200);
    expect(heard).toHaveLength(5);
  });

  it('gives up for now when every moment is forgotten', async () => {
    const { error } = await asking(
      ({ url }, response) => {
        if (url.searchParams.has('continue'))
          json(response, refusal(410, 'Expired', 'too old'), 410);
        else json(response, { kind: 'PodList', metadata: { continue: 'x' }, items: [pod(1)] });
      },
      (api) => api.list(pods),
    );

    expect(error).toBeInstanceOf(TransientError);
  });

  it('asks for fewer objects when a page is too large', async () => {
    const { value, heard } = await asking(aList(300, { mostPerPage: 130 }), (api) =>
      api.list(pods),
    );

    expect(namesOf(value)).toEqual(Array.from({ length: 300 }, (_one, index) => `pod-${index}`));
    expect(heard.map(({ url }) => url.searchParams.get('limit'))).toEqual([
      '500',
      '250',
      '125',
      '125',
      '125',
    ]);
  });

  it('keeps of each object what it is told to', async () => {
    const { value } = await asking(aList(3), (api) =>
      api.list(pods, {
        keep: (one) => (namesOf([one])?.[0] === 'pod-1' ? undefined : { is: one['kind'] }),
      }),
    );

    expect(value).toEqual([{ is: 'Pod' }, { is: 'Pod' }]);
  });

  it('tells a resource that the cluster does not know from an empty list', async () => {
    const absent: Answering = (_heard, response) => {
      json(
        response,
        refusal(404, 'NotFound', 'the server could not find the requested resource'),
        404,
      );
    };
    const [none, unknown] = [
      await asking(aList(0), (api) => api.list(pods)),
      await asking(absent, (api) => api.list(pods)),
    ];

    expect([none.value, unknown.value, unknown.error]).toEqual([[], undefined, undefined]);
  });

  it('fails when it may not list', async () => {
    const message =
      'pods is forbidden: User "x" cannot list resource "pods" in API group "" at the cluster scope';
    const { error } = await asking(
      (_heard, response) => {
        json(response, refusal(403, 'Forbidden', message), 403);
      },
      (api) => api.list(pods),
    );

    expect(error).toMatchObject({ reason: 'Forbidden', failure: { code: 'Forbidden', message } });
  });
});
