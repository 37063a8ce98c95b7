import fc from 'fast-check';

import { KustoError } from '../../../simulator/kusto/kusto-error';
import { parseQuery } from '../../../simulator/kusto/parse-query';
import { anyQuery } from './any-query';
import { errorOf } from './error-of';
import { printQuery } from './print-query';

describe('parseQuery', () => {
  it('reads every query back that was printed', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const reread = parseQuery(printQuery(query));

        expect(withoutPositions(reread)).toEqual(withoutPositions(query));
      }),
    );
  });

  it('reads any text or throws a KustoError that points into it', () => {
    const pieces = fc.constantFrom(
      ...[
        'resources',
        '|',
        'where',
        '(',
        ')',
        "'a'",
        '==',
        'in~',
        ',',
        '.',
        '[',
        '1',
        '-',
        '\n',
        '"',
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 }))), (parts) => {
        const text = parts.join(' ');
        const error = errorOf(() => parseQuery(text));

        if (error !== undefined) {
          expect(error).toBeInstanceOf(KustoError);
          expect((error as KustoError).position.line).toBeLessThanOrEqual(text.split('\n').length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('binds and tighter than or, and comparisons tightest', () => {
    const query = parseQuery("resources | where a == 1 or b == 2 and c in ('x')");

    expect(query.stages).toMatchObject([
      {
        predicate: {
          operator: 'or',
          operands: [
            { kind: 'comparison' },
            { operator: 'and', operands: [{ kind: 'comparison' }, { kind: 'in' }] },
          ],
        },
      },
    ]);
  });

  it('takes keywords for names after a dot', () => {
    const query = parseQuery('resources | where p.where.in.has == true');

    expect(query.stages).toMatchObject([{ predicate: { left: { key: 'has' } } }]);
  });

  it('names a column after its path', () => {
    const query = parseQuery("resources | project id, properties.a['b'][0]");

    expect(query.stages).toMatchObject([
      { columns: [{ name: 'id' }, { name: 'properties_a_b_0' }] },
    ]);
  });

  it('sorts descending with nulls last, and ascending with nulls first, unless told otherwise', () => {
    const query = parseQuery('resources | order by a, b asc, c asc nulls last, d desc nulls first');

    expect(query.stages).toMatchObject([
      {
        keys: [
          { direction: 'desc', nulls: 'last' },
          { direction: 'asc', nulls: 'first' },
          { direction: 'asc', nulls: 'last' },
          { direction: 'desc', nulls: 'first' },
        ],
      },
    ]);
  });

  it.each([
    [String.raw`'it\'s'`, "it's"],
    [String.raw`"a\tb\n\\"`, 'a\tb\n\\'],
    [String.raw`'\u00e9'`, 'é'],
    [String.raw`@'C:\d+''x'`, String.raw`C:\d+'x`],
    [String.raw`@"a""b'c"`, `a"b'c`],
    [`'// no comment'`, '// no comment'],
  ])('decodes the text %s', (literal, text) => {
    const query = parseQuery(`resources // comment\n| where a == ${literal} // the end`);

    expect(query.stages).toMatchObject([{ predicate: { right: { type: 'text', text } } }]);
  });

  it.each([
    ['', "Expected a name, found '<EOF>'. (line 1, character 0)"],
    ['resources |', "Expected a name, found '<EOF>'. (line 1, character 11)"],
    ['resources\n| where', "Expected an expression, found '<EOF>'. (line 2, character 7)"],
    ['resources where a', "Expected the end of the query, found 'where'. (line 1, character 10)"],
    ['resources | where (a', "Expected ')', found '<EOF>'. (line 1, character 20)"],
    ['resources | where a in ()', "Expected an expression, found ')'. (line 1, character 24)"],
    [
      'resources | where a == b == c',
      'Comparisons do not chain. Put one of them in parentheses. (line 1, character 25)',
    ],
    [
      "resources | where a == 'x",
      'The query has a text without end or with an unknown escape here. (line 1, character 23)',
    ],
    [
      String.raw`resources | where a == '\d'`,
      'The query has a text without end or with an unknown escape here. (line 1, character 23)',
    ],
    [
      'resources | where a[1.5] == 1',
      "Expected a whole number before this, found ']'. (line 1, character 23)",
    ],
    [
      'resources | take 1.5',
      "'1.5' is not a number of rows. Use a whole number. (line 1, character 17)",
    ],
    ['resources | where a == 1x', 'The query has 1 here. (line 1, character 23)'],
    ['resources | where a # b', 'The query has # here. (line 1, character 20)'],
    [
      'resources | project tolower(a)',
      'The column has no name. Write name = expression. (line 1, character 20)',
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parseQuery(text)).toThrow(new Error(message));
  });

  it.each([
    'evaluate bag_unpack(properties)',
    'lookup (resources) on id',
    'make-series count() on a',
    'mv-apply a on (take 1)',
    'project-reorder a',
    'render table',
    'sample 5',
    'serialize',
  ])('refuses the operator of %j by name', (stage) => {
    const error = errorOf(() => parseQuery(`resources | ${stage}`));

    expect(error).toMatchObject({
      code: 'InvalidQueryLanguage',
      position: { line: 1, characterPositionInLine: 12 },
    });
  });

  it('refuses nesting that would end the stack', () => {
    const text = `resources | where ${'('.repeat(100_000)}a${')'.repeat(100_000)}`;

    expect(() => parseQuery(text)).toThrow(
      'The query nests deeper than 60 levels. Use fewer parentheses.',
    );
  });

  it('reads a chain of ten thousand conditions', () => {
    const text = `resources | where ${Array.from({ length: 10_000 }, () => 'a == 1').join(' or ')}`;

    expect(parseQuery(text).stages).toHaveLength(1);
  });
});

function withoutPositions(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (key === 'at' ? undefined : inner)),
  );
}
