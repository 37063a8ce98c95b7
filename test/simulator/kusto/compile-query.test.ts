import fc from 'fast-check';

import { compileQuery } from '../../../simulator/kusto/compile-query';
import type { AnswerRow } from '../../../simulator/kusto/compile-query';
import { errorOf } from './error-of';

describe('compileQuery', () => {
  it('tells the table in lower case and the columns of the answer in order', () => {
    const query = compileQuery('Resources | project b = id, a = name | extend c = 1, b = 2');

    expect(query).toMatchObject({ table: 'resources', columns: ['b', 'a', 'c'] });
  });

  it('answers every column of the table when nothing is projected', () => {
    const [answer] = compileQuery('resources').run([{ id: 'x', secret: 'not a column' }]);

    expect(answer).toMatchObject({ id: 'x', location: '', tags: null });
    expect(answer).not.toHaveProperty('secret');
  });

  it('lets a stage see only what the stage before it left', () => {
    expect(() => compileQuery('resources | project id | where name == 1')).toThrow(
      "There is no column 'name' here.",
    );
    expect(() => compileQuery('resources | extend a = 1, b = a')).toThrow(
      "There is no column 'a' here.",
    );
  });

  it('applies stages in the order they are written', () => {
    const rows = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
    const run = (stages: string) =>
      compileQuery(`resources | ${stages} | project id`)
        .run(rows)
        .map(({ id }) => id);

    expect(run("take 2 | where id != 'a'")).toEqual(['b']);
    expect(run("where id != 'a' | limit 2")).toEqual(['b', 'c']);
    expect(run('order by id | take 1')).toEqual(['d']);
    expect(run('take 0')).toEqual([]);
  });

  it('keeps a name that JavaScript reserves as a column', () => {
    const [answer] = compileQuery('resources | project __proto__ = name').run([{ name: 'x' }]);

    expect(Object.entries(answer ?? {})).toEqual([['__proto__', 'x']]);
  });

  it.each([
    ['project id, id', "There are two columns 'id'. Rename one."],
    ['order by properties.a', 'Rows cannot be ordered by a dynamic value.'],
    ['where properties.a', 'A condition is a bool, not a dynamic.'],
  ])('refuses | %s', (stage, message) => {
    expect(() => compileQuery(`resources | ${stage}`)).toThrow(message);
  });

  it('refuses a table that does not exist', () => {
    const error = errorOf(() => compileQuery('secrets | project id'));

    expect(error).toMatchObject({ code: 'DisallowedLogicalTableName' });
  });

  it('takes no more rows than it needs', () => {
    let taken = 0;
    function* rows() {
      for (;;) yield { id: String(++taken) };
    }

    const answer = compileQuery("resources | where id != '1' | take 2 | project id").run(rows());

    expect(answer).toEqual([{ id: '2' }, { id: '3' }]);
    expect(taken).toBe(3);
  });

  it('evaluates the columns of the asked page only, and each of them once', () => {
    let read = 0;
    const rows = Array.from({ length: 100 }, (_, index) => ({
      id: String(index).padStart(3, '0'),
      get properties() {
        read += 1;
        return { a: 1 };
      },
    }));
    const query = compileQuery(
      'resources | extend a = tostring(properties.a) | project id, x = strcat(a, a, a) | order by id desc',
    );

    const page = query.page(rows, { skip: 10, top: 2 });

    expect(page).toEqual({
      total: 100,
      rows: [
        { id: '089', x: '111' },
        { id: '088', x: '111' },
      ],
    });
    expect(read).toBe(2);
  });

  it('gives the same rows by pages as in one run', () => {
    const query = compileQuery('resources | project id, name | order by name asc');
    fc.assert(
      fc.property(fc.array(anyRow), fc.integer({ min: 1, max: 5 }), (rows, top) => {
        const pages = [];
        for (let skip = 0; skip < rows.length; skip += top) {
          pages.push(...query.page(rows, { skip, top }).rows);
        }

        expect(pages).toEqual(query.run(rows));
      }),
    );
  });
});

describe('order by', () => {
  it('keeps the order of rows with equal keys, and sorts the others', () => {
    const query = compileQuery('resources | order by name asc | project id, name');
    fc.assert(
      fc.property(fc.array(anyRow), (rows) => {
        const numbered = rows.map((row, index) => ({ ...row, id: String(index).padStart(4, '0') }));

        const answer = query.run(numbered).map(({ id, name }) => ({ id, name }));

        const expected = numbered
          .map(({ id, name }) => ({ id, name }))
          .sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
        expect(answer).toEqual(expected);
      }),
    );
  });

  it('sorts by the second key where the first one ties', () => {
    const query = compileQuery(
      'resources | extend n = toint(properties.n) | order by n desc, id asc | project id, n',
    );
    fc.assert(
      fc.property(fc.array(anyRow), (rows) => {
        const answer = query.run(rows);

        const misplaced = answer.slice(1).filter((row, index) => isBefore(row, answer[index]));
        expect(misplaced).toEqual([]);
      }),
    );
  });

  it.each([
    ['n asc', [null, 1, 2]],
    ['n desc', [2, 1, null]],
    ['n', [2, 1, null]],
    ['n asc nulls last', [1, 2, null]],
    ['n desc nulls first', [null, 2, 1]],
  ])('%s gives %j', (key, expected) => {
    const rows = [{ properties: { n: 1 } }, { properties: {} }, { properties: { n: 2 } }];
    const query = compileQuery(`resources | project n = toint(properties.n) | order by ${key}`);

    expect(query.run(rows).map(({ n }) => n)).toEqual(expected);
  });
});

const anyRow = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  name: fc.constantFrom('a', 'B', 'b', '', 'ä'),
  properties: fc.record({ n: fc.option(fc.integer({ min: -2, max: 2 })) }),
});

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** By `n` descending with nulls last, then by `id`. */
function isBefore(row: AnswerRow, other: AnswerRow = {}): boolean {
  const rank = ({ n = null }: AnswerRow) => (n === null ? -Infinity : Number(n));
  if (rank(row) !== rank(other)) return rank(row) > rank(other);
  return JSON.stringify(row['id']) < JSON.stringify(other['id']);
}
