import type { Page, Records } from '../../clients/records/records';
import type { ClaimRecord, RunRecord } from '../../domain/records';
import { aRunRecord } from './services';

/**
 * What every store of records does, whatever it is built on.
 *
 * @param open a store that is empty but for what the same test has put into it before.
 */
export function recordsContract(open: () => Records): void {
  const opened: Records[] = [];
  const openStore = (): Records => {
    const records = open();
    opened.push(records);
    return records;
  };
  afterEach(() => {
    for (const records of opened.splice(0)) records.close();
  });

  reading(openStore);
  oddIds(openStore);
  insertion(openStore);
  conditionalWrites(openStore);
  paging(openStore);
}

const one: ClaimRecord = { owner: 'run_1' };
const two: ClaimRecord = { owner: 'run_2', until: '2026-11-24T09:00:00Z' };

function reading(open: () => Records): void {
  describe('a value', () => {
    it('is not there before it is written', async () => {
      expect(await open().get('claim', 'a')).toBeUndefined();
    });

    it('comes back as it was written, members that are undefined left out', async () => {
      const records = open();
      const run = { ...aRunRecord(), failure: undefined, cause: 'ü 漢 🙂 "\'\n\u2028' };

      await records.put('run', 'a', run as unknown as RunRecord);

      const expected = { ...aRunRecord(), cause: run.cause };
      expect((await records.get('run', 'a'))?.value).toStrictEqual(expected);
    });

    it('belongs to its kind: the same id of another kind is another value', async () => {
      const records = open();

      await records.put('claim', 'a', one);

      expect(await records.get('run', 'a')).toBeUndefined();
      expect((await records.list('run', { limit: 10 })).items).toEqual([]);
    });

    it('is found by its exact id, letter by letter', async () => {
      const records = open();

      await records.put('claim', 'Run_A', one);

      expect(await records.get('claim', 'run_a')).toBeUndefined();
      expect(await records.get('claim', 'Run_')).toBeUndefined();
    });

    it('may be large', async () => {
      const records = open();
      const cause = 'x'.repeat(300_000);

      await records.put('run', 'a', aRunRecord({ cause }));

      expect((await records.get('run', 'a'))?.value.cause).toBe(cause);
    });

    it('is gone once it is removed, and may be removed again', async () => {
      const records = open();
      await records.put('claim', 'a', one);

      await records.remove('claim', 'a');
      await records.remove('claim', 'a');

      expect(await records.get('claim', 'a')).toBeUndefined();
    });
  });
}

function oddIds(open: () => Records): void {
  // What URLs, keys of tables, filters and patterns of other stores are particular about.
  const odd = [
    ...['a/b', 'a\\b', 'a#b', 'a?b', 'a%2Fb', "a'b", "a''b", 'a+b', 'a b', 'a&b', 'a~b', 'a.b'],
    ...[
      '%',
      '_',
      '*',
      '.',
      '..',
      '!',
      '~',
      ' ',
      "' or '1'='1",
      '/subscriptions/s/x',
      'a=',
      'a^',
      'a`',
    ],
    ...[
      'a\u0000b',
      'a\u0000',
      'a\nb',
      'a\u007Fb',
      'a\u0085b',
      'é',
      'e\u0301',
      '\uFF5E',
      '\uFFFD',
      '😀',
    ],
  ];

  describe('an id', () => {
    it('may have any characters', async () => {
      const records = open();
      for (const id of odd) expect(await records.insert('claim', id, { owner: id })).toBe(true);

      for (const id of odd) expect((await records.get('claim', id))?.value.owner).toBe(id);
    });

    it('has its place in a list by the bytes that it has in UTF-8', async () => {
      const records = open();
      const ids = [...odd, 'a', 'A', 'Z', 'z', 'aa', 'a0', 'a_', 'a-', '-', '0'];
      for (const id of ids) await records.put('claim', id, { owner: id });

      const { items } = await records.list('claim', { limit: 100 });

      const sorted = ids.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(items.map(({ owner }) => owner)).toEqual(sorted);
    });

    it('may be long', async () => {
      const records = open();
      const ids = ['x', 'y', '', 'é'].map((end) => '/long'.repeat(400) + end).sort();
      for (const id of ids) await records.put('claim', id, { owner: id });

      const first = await records.list('claim', { limit: 3 });
      const second = await records.list('claim', { limit: 3, after: first.next ?? '' });

      for (const id of ids) expect((await records.get('claim', id))?.value.owner).toBe(id);
      const owners = [...first.items, ...second.items].map(({ owner }) => owner);
      expect(owners.sort()).toEqual(ids);
    });
  });
}

function insertion(open: () => Records): void {
  describe('insert', () => {
    it('writes what is not there', async () => {
      const records = open();

      expect(await records.insert('claim', 'a', one)).toBe(true);
      expect((await records.get('claim', 'a'))?.value).toEqual(one);
    });

    it('changes nothing where there is something', async () => {
      const records = open();
      await records.insert('claim', 'a', one);

      expect(await records.insert('claim', 'a', two)).toBe(false);
      expect((await records.get('claim', 'a'))?.value).toEqual(one);
    });

    it('succeeds for exactly one of many at the same moment', async () => {
      const records = open();
      const owners = Array.from({ length: 20 }, (_, i) => `run_${i}`);

      const outcomes = await Promise.all(
        owners.map((owner) => records.insert('claim', 'a', { owner })),
      );

      const winners = owners.filter((_owner, i) => outcomes[i] === true);
      expect(winners).toHaveLength(1);
      expect((await records.get('claim', 'a'))?.value.owner).toBe(winners[0]);
    });

    it('succeeds again after a removal', async () => {
      const records = open();
      await records.insert('claim', 'a', one);
      await records.remove('claim', 'a');

      expect(await records.insert('claim', 'a', two)).toBe(true);
    });
  });
}

function conditionalWrites(open: () => Records): void {
  async function tagOf(records: Records): Promise<string> {
    return (await records.get('claim', 'a'))?.etag ?? '';
  }

  describe('replace', () => {
    it('writes over the value that was read', async () => {
      const records = open();
      await records.put('claim', 'a', one);

      const etag = await tagOf(records);

      expect(await records.replace('claim', 'a', { value: two, etag })).toBe(true);
      expect((await records.get('claim', 'a'))?.value).toEqual(two);
    });

    it('changes nothing when somebody has written meanwhile, even the same value', async () => {
      const records = open();
      await records.put('claim', 'a', one);
      const etag = await tagOf(records);
      await records.put('claim', 'a', one);

      expect(await records.replace('claim', 'a', { value: two, etag })).toBe(false);
      expect((await records.get('claim', 'a'))?.value).toEqual(one);
    });

    it('writes nothing where there is nothing', async () => {
      const records = open();

      expect(await records.replace('claim', 'a', { value: one, etag: '1' })).toBe(false);
      expect(await records.get('claim', 'a')).toBeUndefined();
    });

    it('refuses a tag that no value ever had', async () => {
      const records = open();
      await records.put('claim', 'a', one);

      expect(await records.replace('claim', 'a', { value: two, etag: 'nonsense' })).toBe(false);
    });

    it('refuses the tag of a value that was removed and written anew', async () => {
      const records = open();
      await records.insert('claim', 'a', one);
      const etag = await tagOf(records);
      await records.remove('claim', 'a');
      await records.insert('claim', 'a', two);

      expect(await records.replace('claim', 'a', { value: one, etag })).toBe(false);
    });

    it('refuses to remove a value that is not the one that was read', async () => {
      const records = open();
      await records.put('claim', 'a', one);
      const etag = await tagOf(records);
      await records.replace('claim', 'a', { value: two, etag });

      await records.remove('claim', 'a', etag);
      const kept = await records.get('claim', 'a');
      await records.remove('claim', 'a', await tagOf(records));

      expect(kept?.value).toEqual(two);
      expect(await records.get('claim', 'a')).toBeUndefined();
    });

    it('succeeds for exactly one of many that have read the same', async () => {
      const records = open();
      await records.put('claim', 'a', one);
      const etag = await tagOf(records);

      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          records.replace('claim', 'a', { value: { owner: `run_${i}` }, etag }),
        ),
      );

      expect(outcomes.filter(Boolean)).toHaveLength(1);
    });
  });
}

function paging(open: () => Records): void {
  async function fill(records: Records, ids: readonly string[]): Promise<void> {
    for (const id of ids) await records.put('claim', id, { owner: id });
  }

  describe('list', () => {
    it('is empty, without a next page, where there is nothing', async () => {
      expect(await open().list('claim', { limit: 10 })).toEqual({ items: [] });
    });

    it('gives the values in the order of their ids, however they came', async () => {
      const records = open();
      const ids = ['b', 'a_2', 'a', 'B', 'a-1', '1', 'é'];
      await fill(records, ids);

      const { items } = await records.list('claim', { limit: 10 });

      expect(items.map(({ owner }) => owner)).toEqual([...ids].sort());
    });

    it.each([1, 2, 3, 6, 7, 100])('gives each value once on pages of %i', async (limit) => {
      const records = open();
      const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
      await fill(records, ids);

      const seen: string[] = [];
      let after: string | undefined = '';
      for (let pages = 0; after !== undefined && pages <= ids.length; pages += 1) {
        const page: Page<ClaimRecord> = await records.list('claim', { limit, after });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        seen.push(...page.items.map(({ owner }) => owner));
        after = page.next;
      }

      expect(seen).toEqual(ids);
    });

    it('has no next page when the last one is full', async () => {
      const records = open();
      await fill(records, ['a', 'b']);

      expect(await records.list('claim', { limit: 2 })).not.toHaveProperty('next');
    });

    it('goes on behind a value that was removed meanwhile', async () => {
      const records = open();
      await fill(records, ['a', 'b', 'c', 'd']);
      const { next = '' } = await records.list('claim', { limit: 2 });
      await records.remove('claim', next);

      const { items } = await records.list('claim', { limit: 2, after: next });

      expect(items.map(({ owner }) => owner)).toEqual(['c', 'd']);
    });
  });
}
