import fc from 'fast-check';

import type { Expression, NamedExpression, Query, Stage } from '../../../simulator/kusto/syntax';

const at = { line: 1, characterPositionInLine: 0 };
const words = ['p', 'id', 'where', 'order', 'asc', 'has', 'properties', '_x1'];
const name = fc.constantFrom(...words);

const literal: fc.Arbitrary<Expression> = fc.oneof(
  fc.string().map((text) => ({ kind: 'literal', at, type: 'text', text }) as const),
  fc
    .integer({ min: -1000, max: 1000 })
    .map((number) => ({ kind: 'literal', at, type: 'number', text: String(number) }) as const),
  fc
    .boolean()
    .map((truth) => ({ kind: 'literal', at, type: 'bool', text: String(truth) }) as const),
  fc.constant({ kind: 'literal', at, type: 'timespan', text: '1.5h' } as const),
  fc.constant({ kind: 'literal', at, type: 'datetime', text: 'datetime(2026-11-24)' } as const),
);

/** Any expression, valid or not as far as types go. */
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    literal,
    name.map((column) => ({ kind: 'column', at, name: column }) as const),
    fc
      .tuple(tie('expression'), fc.oneof(fc.string(), fc.integer({ min: -9, max: 9 })))
      .map(([source, key]) => ({ kind: 'member', at, source, key: key || 0 }) as const),
    fc
      .tuple(name, fc.array(tie('expression'), { maxLength: 3 }))
      .map(([called, parameters]) => ({ kind: 'call', at, name: called, parameters }) as const),
    fc
      .tuple(
        fc.constantFrom('==', '!~', '<=', 'has', '!contains_cs'),
        tie('expression'),
        tie('expression'),
      )
      .map(
        ([operator, left, right]) => ({ kind: 'comparison', at, operator, left, right }) as const,
      ),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/', '%'), tie('expression'), tie('expression'))
      .map(
        ([operator, left, right]) => ({ kind: 'arithmetic', at, operator, left, right }) as const,
      ),
    fc
      .tuple(fc.boolean(), tie('expression'), tie('expression'), tie('expression'))
      .map(
        ([negated, subject, low, high]) =>
          ({ kind: 'between', at, negated, subject, low, high }) as const,
      ),
    fc
      .tuple(tie('expression'), name)
      .map(
        ([source, key]) =>
          ({ kind: 'index', at, source, key: { kind: 'column', at, name: key } }) as const,
      ),
    fc
      .tuple(
        fc.constantFrom('in', 'in~', '!in', '!in~', 'has_any', 'has_all'),
        tie('expression'),
        fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
      )
      .map(([operator, subject, list]) => ({ kind: 'in', at, operator, subject, list }) as const),
    fc
      .tuple(
        fc.constantFrom('and', 'or'),
        fc.array(tie('expression'), { minLength: 2, maxLength: 4 }),
      )
      .map(([operator, operands]) => ({ kind: 'logical', at, operator, operands }) as const),
  ),
}));

const columns: fc.Arbitrary<NamedExpression[]> = fc.array(
  fc.record({ name, at: fc.constant(at), value: expression }),
  { minLength: 1, maxLength: 3 },
);

const plainQuery: fc.Arbitrary<Query> = fc.record({
  table: name,
  at: fc.constant(at),
  stages: fc.constant([]),
});

const rowMaking: fc.Arbitrary<Stage> = fc.oneof(
  fc
    .tuple(columns, columns)
    .map(([aggregates, by]) => ({ kind: 'summarize', at, aggregates, by }) as const),
  fc
    .tuple(columns, fc.option(fc.nat(), { nil: undefined }), fc.option(name, { nil: undefined }))
    .map(([items, limit, indexName]): Stage => {
      const typed = items.map((item) => ({ ...item, type: 'string' }));
      return { kind: 'mv-expand', at, items: typed, limit, indexName };
    }),
  fc
    .tuple(fc.constantFrom('inner', 'leftouter', 'innerunique', 'fullouter'), plainQuery, name)
    .map(([flavor, right, on]): Stage => {
      return { kind: 'join', at, flavor, right, on: [{ at, left: on, right: on }] };
    }),
  fc
    .tuple(fc.array(plainQuery, { minLength: 1, maxLength: 2 }), fc.boolean())
    .map(([others, inner]): Stage => {
      return { kind: 'union', at, others, inner, sourceName: undefined };
    }),
  fc.tuple(expression, fc.string()).map(([subject, text]): Stage => {
    const pattern = [
      { kind: 'skip' },
      { kind: 'text', text },
      { kind: 'column', name: 'found', type: 'long' },
    ] as const;
    return { kind: 'parse', at, subject, pattern };
  }),
  columns.map((list) => ({ kind: 'distinct', at, columns: list }) as const),
  fc.constant({ kind: 'count', at } as const),
);

const stage: fc.Arbitrary<Stage> = fc.oneof(
  rowMaking,
  expression.map((predicate) => ({ kind: 'where', at, predicate }) as const),
  fc
    .tuple(fc.constantFrom('extend', 'project'), columns)
    .map(([kind, list]) => ({ kind, at, columns: list }) as const),
  fc
    .array(
      fc.record({
        value: expression,
        direction: fc.constantFrom('asc', 'desc'),
        nulls: fc.constantFrom('first', 'last'),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((keys) => ({ kind: 'order', at, keys }) as const),
  fc.nat().map((count) => ({ kind: 'take', at, count }) as const),
);

/** Any query the parser should read, whether or not it makes sense. */
export const anyQuery: fc.Arbitrary<Query> = fc.record({
  table: name,
  at: fc.constant(at),
  stages: fc.array(stage, { maxLength: 4 }),
});
