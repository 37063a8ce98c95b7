import { compileQuery } from '../../../simulator/kusto/compile-query';
import { errorOf } from './error-of';

const tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  resources: [
    {
      id: '/1',
      name: 'a',
      location: 'x',
      properties: { n: 1, list: ['p', 'q'], bag: { k: 1, l: 2 } },
    },
    { id: '/2', name: 'b', location: 'y', properties: { n: 2, list: [] } },
    { id: '/3', name: 'c', location: 'x', properties: { list: 'alone' } },
    { id: '/4', name: 'd', location: 'z', properties: { n: 2.5 } },
  ],
  resourcecontainers: [
    { id: '/x', name: 'x', location: 'home' },
    { id: '/y', name: 'y', location: 'away' },
    { id: '/y2', name: 'y', location: 'far' },
    { id: '/w', name: 'w', location: 'none' },
  ],
};

function run(stages: string): unknown {
  const now = Date.UTC(2026, 10, 24);
  return compileQuery(`resources | ${stages}`).run((table) => tables[table] ?? [], now);
}

function values(stages: string): unknown {
  return (run(stages) as object[]).map((row) => Object.values(row) as unknown);
}

describe('summarize', () => {
  it.each([
    ['summarize count()', [[4]]],
    ["where name == 'none' | summarize count(), sum(toint(properties.n))", [[0, 0]]],
    ["where name == 'none' | summarize count() by name", []],
    [
      'summarize count() by location',
      [
        ['x', 2],
        ['y', 1],
        ['z', 1],
      ],
    ],
    ['summarize by location', [['x'], ['y'], ['z']]],
    ['summarize dcount(location), countif(location == "x")', [[3, 2]]],
    ['summarize sum(toint(properties.n)), avg(todouble(properties.n))', [[5, 5.5 / 3]]],
    ['summarize min(name), max(name)', [['a', 'd']]],
    [
      'summarize n = make_list(toint(properties.n)) by location',
      [
        ['x', [1]],
        ['y', [2]],
        ['z', [2]],
      ],
    ],
    ['summarize n = make_set(location)', [[['x', 'y', 'z']]]],
    ['summarize s = sumif(toint(properties.n), location != "x")', [[4]]],
    [
      'summarize arg_max(name, id) by location',
      [
        ['x', 'c', '/3'],
        ['y', 'b', '/2'],
        ['z', 'd', '/4'],
      ],
    ],
    ['summarize r = round(avg(todouble(properties.n)), 1) * 10', [[18]]],
    ['summarize take_any(name) by location | count', [[3]]],
    ['count', [[4]]],
    ['distinct location', [['x'], ['y'], ['z']]],
    ['project location | distinct *', [['x'], ['y'], ['z']]],
    ['top 2 by name', [['d'], ['c']].map(([name]) => expect.arrayContaining([name]) as unknown)],
  ])('%s', (stages, expected) => {
    expect(values(stages)).toEqual(expected);
  });

  it.each([
    ['summarize count() by tags', "The group key 'tags' is of a dynamic type."],
    ['distinct properties', "The group key 'properties' is of a dynamic type."],
    ['summarize sum(1, 2)', 'sum() takes 1 arguments, not 2.'],
    ['summarize x = arg_max(name)', 'arg_max() takes a key and columns.'],
    ['summarize toupper(name)', 'The column has no name.'],
    ['extend x = sum(1)', 'The function sum() is not available.'],
  ])('refuses %s', (stages, message) => {
    expect(() => run(stages)).toThrow(message);
  });
});

describe('mv-expand', () => {
  it('makes a row for each element, none of an empty list, and one of anything else', () => {
    expect(values('mv-expand e = properties.list | project name, e')).toEqual([
      ['a', 'p'],
      ['a', 'q'],
      ['c', 'alone'],
      ['d', null],
    ]);
  });

  it('makes bags of one member of a bag', () => {
    expect(values("where name == 'a' | mv-expand b = properties.bag | project b")).toEqual([
      [{ k: 1 }],
      [{ l: 2 }],
    ]);
  });

  it('expands side by side, numbers the rows, and leaves out what is of another type', () => {
    const stages =
      "where name == 'a' | mv-expand with_itemindex=i e = properties.list to typeof(string), n = dynamic([7]) to typeof(string) | project i, e, n";

    expect(values(stages)).toEqual([
      [0, 'p', ''],
      [1, 'q', ''],
    ]);
  });

  it('makes no more rows of one than its limit', () => {
    expect(values('mv-expand e = properties.list limit 1 | count')).toEqual([[3]]);
    expect(() => run('mv-expand e = properties.list limit 2001')).toThrow('2000 rows at most');
  });
});

describe('join', () => {
  const on = '(resourcecontainers | project name, where = location)';

  it.each([
    [
      `join kind=inner ${on} on $left.location == $right.name`,
      [
        ['a', 'x', 'home'],
        ['b', 'y', 'away'],
        ['b', 'y', 'far'],
        ['c', 'x', 'home'],
      ],
    ],
    [
      `join ${on} on $right.name == $left.location`,
      [
        ['a', 'x', 'home'],
        ['b', 'y', 'away'],
        ['b', 'y', 'far'],
      ],
    ],
    [
      `join kind=leftouter ${on} on $left.location == $right.name`,
      [
        ['a', 'x', 'home'],
        ['b', 'y', 'away'],
        ['b', 'y', 'far'],
        ['c', 'x', 'home'],
        ['d', '', ''],
      ],
    ],
    [
      `join kind=fullouter ${on} on $left.location == $right.name | where name1 !in ('x', 'y')`,
      [
        ['d', '', ''],
        ['', 'w', 'none'],
      ],
    ],
  ])('%s', (stages, expected) => {
    expect(values(`project name, location | ${stages} | project name, name1, where`)).toEqual(
      expected,
    );
  });

  it.each([
    ['join kind=rightanti (resources) on id', 'Resource Graph has no join of kind rightanti.'],
    ['join (resources) on tags', "The join key 'tags' is of a dynamic type."],
    ['join (resources | project x = id) on id', "There is no column 'id' on the right side"],
    [
      'join (resources | project name = 1) on name',
      'is string on the left and number on the right',
    ],
    ['join (secrets) on id', 'Table secrets is invalid'],
  ])('refuses %s', (stages, message) => {
    expect(() => run(stages)).toThrow(message);
  });

  it('is taken three times in a query', () => {
    const joins = (count: number) => Array(count).fill('join (resources) on id').join(' | ');

    expect(() => run(joins(3))).not.toThrow();
    expect(errorOf(() => run(joins(4)))).toMatchObject({
      code: 'DisallowedMaxNumberOfRemoteTables',
    });
    expect(errorOf(() => run(`${joins(3)} | union resources`))).toMatchObject({
      code: 'DisallowedMaxNumberOfRemoteTables',
    });
  });

  it('is taken with one table besides resources and resourcecontainers', () => {
    const join = 'join (policyresources) on id';

    expect(() => run(`${join} | union resourcecontainers`)).not.toThrow();
    expect(() => run(`${join} | union authorizationresources`)).toThrow(
      'The query joins more than one table besides resources and resourcecontainers.',
    );
  });
});

describe('a query that makes too many rows', () => {
  it('is given up', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ id: String(index), location: 'x' }));
    const query = compileQuery('resources | join kind=inner (resources) on location | count');

    expect(errorOf(() => query.run(many))).toMatchObject({ code: 'LimitsExceeded' });
  });
});

describe('union', () => {
  it('has the columns of both, or with kind=inner those of each', () => {
    const stages = 'project name, n = 1 | union (resourcecontainers | project name, m = id)';

    expect(run(`${stages} | where name in ('a', 'w')`)).toEqual([
      { name: 'a', n: 1, m: '' },
      { name: 'w', n: null, m: '/w' },
    ]);
    expect(run(`${stages.replace('union', 'union kind=inner')} | where name == 'w'`)).toEqual([
      { name: 'w' },
    ]);
  });

  it('tells where a row comes from', () => {
    const stages = 'union withsource=t resourcecontainers | summarize count() by t';

    expect(values(stages)).toEqual([
      ['resources', 4],
      ['resourcecontainers', 4],
    ]);
  });
});

describe('columns', () => {
  it.each([
    ['project name, id | project-away i*', { name: 'a' }],
    ['project name, id, location | project-keep *n*', { name: 'a', location: 'x' }],
    ['project name, id | project-rename key = id', { name: 'a', key: '/1' }],
    ["project ['the name'] = name | where ['the name'] == 'a'", { 'the name': 'a' }],
    ["parse id with '/' number:long | project number", { number: 1 }],
    ["parse id with '#' rest | project rest", { rest: '' }],
    ["extend k = 'list' | project x = properties[k][0]", { x: 'p' }],
    ["project x = bag_pack('a', 1, 'b', name)", { x: { a: 1, b: 'a' } }],
    [
      'project x = 7 / 2, y = 7 / 2.0, z = 7 % 4 - -1, v = 2 + 3 * 4',
      { x: 3, y: 3.5, z: 4, v: 14 },
    ],
    ['project x = now() - ago(1h), y = ago(1d) + 1d == now()', { x: '01:00:00', y: true }],
    ['project x = 5 between (1 .. 5), y = 5 !between (1 .. 5)', { x: true, y: false }],
    ["project x = 'a-b' has_any ('B', 'c'), y = 'a-b' has_all ('a', 'c')", { x: true, y: false }],
    [
      "project x = replace_regex('a1b2', '([a-z])', '<\\\\1>'), y = trim('[ x]+', 'xx y x')",
      { x: '<a>1<b>2', y: 'y' },
    ],
    [
      "project x = split('a/b/c', '/', 1), y = strcat_array(dynamic(['a', 2]), '+')",
      { x: ['b'], y: 'a+2' },
    ],
    [
      "project x = tolong('12'), y = parse_json('{\"a\":[1]}').a, z = bin(17, 5)",
      { x: 12, y: [1], z: 15 },
    ],
    [
      "project x = dynamic({'a': [1, true, null]}), y = bin(datetime(2026-01-02 13:00), 1d)",
      { x: { a: [1, true, null] }, y: '2026-01-02T00:00:00.0000000Z' },
    ],
    [
      "project x = parse_version('1.9.0') < parse_version('1.33'), y = parse_version('v1')",
      { x: true, y: null },
    ],
    [
      "project x = datetime_diff('day', datetime(2026-11-24 01:00), datetime(2026-11-22 23:00)), y = format_datetime(now(), 'yyyy-MM-dd HH:mm')",
      { x: 2, y: '2026-11-24 00:00' },
    ],
    ['project x = startofday(datetime(2026-11-24 13:00))', { x: '2026-11-24T00:00:00.0000000Z' }],
  ])('%s', (stages, expected) => {
    const [first] = run(stages) as unknown[];

    expect(first).toEqual(expected);
  });

  it.each([
    ['project-away nothing', 'UnresolvedColumn'],
    ['project-rename a = nothing', 'UnresolvedColumn'],
    ['project x = properties.n + 1', 'TypeMismatch'],
    ["project x = 1 + 'a'", 'TypeMismatch'],
    ['project x = properties.n.*', 'ParserFailure'],
    ["project x = format_datetime(now(), 'MMM')", 'InvalidQueryLanguage'],
    ["project x = datetime_diff('month', now(), now())", 'InvalidQueryLanguage'],
  ])('refuses %s', (stages, code) => {
    expect(errorOf(() => run(stages))).toMatchObject({ code });
  });

  it('refuses statements by name', () => {
    expect(() => compileQuery('let x = 1; resources')).toThrow(
      "The statement 'let' is not available.",
    );
  });
});
