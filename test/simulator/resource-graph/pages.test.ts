import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import clean from '../../data/scenarios/clean.json';
import { at, objectsAt, textAt } from '../../../simulator/json';
import type { Json } from '../../../simulator/json';
import { drive } from '../support/running';
import type { Driven } from '../support/running';
import { ask, identity } from './asking';

describe('pages', () => {
  const clusters =
    "resources | where type =~ 'microsoft.managedidentity/userassignedidentities' | project id";

  async function pages(azure: Driven, between: (page: number) => Promise<unknown>) {
    const ids: (string | undefined)[] = [];
    let body = await ask(azure, clusters, { $top: 2 });
    for (let page = 1; ; page += 1) {
      ids.push(...objectsAt(body, 'data').map((row) => textAt(row, 'id')));
      const token = at(body, '$skipToken');
      if (token === undefined) return ids;
      await between(page);
      body = await ask(azure, clusters, { $top: 2, $skipToken: token });
    }
  }

  it.each([['in memory'], ['made again']])(
    'show the world of the first page, whatever happens between them (%s)',
    async (how) => {
      await using azure = await drive({ scenario: clean });
      const all = objectsAt(await ask(azure, `${clusters} | order by id asc`), 'data').map((row) =>
        textAt(row, 'id'),
      );

      const ids = await pages(azure, async (page) => {
        if (page === 1) {
          await identity(azure, 'PUT aaa-new');
          const [first] = all;
          await azure.arm('DELETE', `${first ?? ''}?api-version=2024-11-30`);
        }
        // Other answers that are begun push the first one out of memory.
        const others = how === 'made again' ? 9 : 0;
        for (let index = 0; index < others; index += 1) {
          await ask(azure, `${clusters} | where name != '${index}'`, { $top: 1 });
        }
      });

      expect(ids).toEqual(all);
      expect(ids.length).toBeGreaterThan(4);
    },
  );

  it('go on after a restart', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'azure-'));
    const query = `${clusters} | order by id asc`;
    try {
      let token: Json | undefined;
      let all: Json | undefined;
      {
        await using first = await drive({ scenario: clean, dataDirectory });
        all = at(await ask(first, query), 'data');
        token = at(await ask(first, query, { $top: 2 }), '$skipToken');
        await identity(first, 'PUT aaa-new');
      }
      await using azure = await drive({ dataDirectory });

      const rest = objectsAt(await ask(azure, query, { $top: 1000, $skipToken: token }), 'data');

      expect(rest).toEqual((all as Json[]).slice(2));
    } finally {
      rmSync(dataDirectory, { recursive: true });
    }
  });

  it.each([
    ['another query', { query: 'resources | project id, name' }],
    ['no token of ours', { $skipToken: 'eyJza2lwIjoxfQ==' }],
    ['no text', { $skipToken: 7 }],
  ])(
    'are refused for a token of %s',
    async (_, { query = clusters, ...options }: { query?: string; $skipToken?: unknown }) => {
      await using azure = await drive({ scenario: clean });
      const token = at(await ask(azure, clusters, { $top: 1 }), '$skipToken');

      const body = await ask(azure, query, { $skipToken: token, ...options });

      expect(at(body, 'error', 'code')).toBe('BadRequest');
    },
  );

  it.each([[{ $top: 0 }], [{ $top: 1001 }], [{ $top: '5' }], [{ $skip: -1 }], [{ $skip: 1.5 }]])(
    'are refused for %j',
    async (options) => {
      await using azure = await drive({ scenario: clean });

      expect(at(await ask(azure, clusters, options), 'error', 'code')).toBe('BadRequest');
    },
  );

  it('cannot follow an answer without ids, which is cut off instead', async () => {
    await using azure = await drive({ scenario: clean });

    const body = await ask(azure, 'resources | project name', { $top: 2 });

    expect(body).toMatchObject({ count: 2, resultTruncated: 'true' });
    expect(at(body, '$skipToken')).toBeUndefined();
  });

  it('skip rows, unless the query takes some by itself', async () => {
    await using azure = await drive({ scenario: clean });
    const query = 'resources | project id | order by id asc';
    const [, , third] = objectsAt(await ask(azure, query), 'data');

    const skipped = await ask(azure, query, { $skip: 2, $top: 1 });
    const taken = await ask(azure, `${query} | take 3`, { $skip: 2 });

    expect(at(skipped, 'data')).toEqual([third]);
    expect(at(taken, 'count')).toBe(3);
  });
});
