import fc from 'fast-check';

import { compileQuery } from '../../../simulator/kusto/compile-query';
import { aggregates } from '../../../simulator/kusto/aggregates';
import { scalarFunctions } from '../../../simulator/kusto/functions';
import { KustoError } from '../../../simulator/kusto/kusto-error';
import { errorOf } from './error-of';

const rows = [
  {
    id: '/1',
    name: 'a',
    type: 't/x',
    location: '',
    tags: { a: 'b' },
    zones: ['1', 2, null],
    properties: {
      n: 1.5,
      text: '2026-11-24T00:00:00Z',
      list: [[], {}, { n: 1 }],
      empty: [],
      on: true,
    },
  },
  { id: '/2', name: 'b', properties: null, tags: 'no object', zones: {} },
  { id: '/3' },
];

const leaf = fc.constantFrom(
  ...['id', 'name', 'tags', 'zones', 'properties', 'properties.n', 'properties.list', 'type'],
  ...["'a'", '1', '2.5', 'true', '1h', 'datetime(2026-11-24)', "dynamic([1,'a',null])", "''", '-1'],
  ...['now()', "properties['text']", 'zones[0]', 'properties.empty', 'tags[name]'],
);
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc
      .tuple(
        fc.constantFrom(...scalarFunctions.keys(), ...aggregates.keys(), 'arg_max'),
        fc.array(tie('expression'), { maxLength: 3 }),
      )
      .map(([name, parameters]) => `${name}(${parameters.join(', ')})`),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom(
          '+',
          '-',
          '/',
          '%',
          '==',
          '!=',
          '<',
          '>=',
          'has',
          'and',
          'or',
          '=~',
          'matches regex',
        ),
        tie('expression'),
      )
      .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
    tie('expression').map((inner) => `(${inner})[0].n`),
    tie('expression').map((inner) => `(${inner}) in ('a', 'b')`),
    tie('expression').map((inner) => `(${inner}) between (1 .. 3)`),
  ),
}));

const stage = fc
  .tuple(
    fc.constantFrom(
      ...['where $', 'extend x = $', 'project id, x = $', 'summarize $ by id', 'summarize x = $'],
      ...[
        'distinct x = $',
        'order by $',
        'top 2 by $ asc',
        'mv-expand x = $',
        'mv-expand $ limit 2',
      ],
      ...[
        'project-away tags',
        'project-keep id, n*',
        'count',
        'take 2',
        "parse id with '/' n:long *",
      ],
      ...['join kind=leftouter (resources | extend y = $) on id', 'join (resources) on name'],
      ...[
        'union (resources | extend x = $)',
        'summarize count(), make_set($) by name',
        'distinct *',
      ],
    ),
    expression,
  )
  .map(([template, inserted]) => template.replace('$', () => inserted));

describe('any query', () => {
  it('is answered, or refused as a query that is wrong', () => {
    let answered = 0;
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 4 }), (stages) => {
        const text = ['resources', ...stages].join(' | ');
        const error = errorOf(() => {
          const query = compileQuery(text);
          JSON.stringify(query.run(rows, Date.UTC(2026, 10, 24)));
          answered += 1;
        });

        if (error !== undefined) expect([text, error]).toEqual([text, expect.any(KustoError)]);
      }),
      { numRuns: 3000 },
    );
    expect(answered).toBeGreaterThan(300);
  });
});
