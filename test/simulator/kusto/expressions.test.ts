import { compileQuery } from '../../../simulator/kusto/compile-query';
import { errorOf } from './error-of';

const row = {
  id: '/subscriptions/1/resourceGroups/RG/providers/Microsoft.ContainerService/managedClusters/Aks-1',
  name: 'Aks-1',
  type: 'microsoft.containerservice/managedclusters',
  properties: {
    enabled: true,
    disabled: false,
    count: 3,
    half: 2.5,
    word: 'true',
    digits: '42',
    empty: '',
    nothing: null,
    made: '2026-11-22T06:00:00.1234567Z',
    list: ['a', { b: 'c' }],
    bag: { 'kubernetes.io/name': 'x', Case: 1 },
  },
};

describe('members', () => {
  it.each([
    ['properties.enabled', true],
    ['properties.missing', null],
    ['properties.missing.deeper[0]', null],
    ["properties['bag']['kubernetes.io/name']", 'x'],
    ['properties.bag.Case', 1],
    ['properties.bag.case', null],
    ['properties.list[0]', 'a'],
    ['properties.list[1].b', 'c'],
    ['properties.list[-1].b', 'c'],
    ['properties.list[9]', null],
    ["properties.list['0']", null],
    ['properties.list.length', null],
    ['properties.word.length', null],
    ['properties.constructor', null],
    ["properties['__proto__']", null],
    ['tags.env', null],
  ])('%s is %j', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });
});

describe('null', () => {
  it.each([
    ['tobool(properties.missing) == true', false],
    ['tobool(properties.missing) != true', true],
    ['tobool(properties.missing) == tobool(properties.nothing)', null],
    ['tobool(properties.missing) != tobool(properties.nothing)', null],
    ['toint(properties.missing) > 3', null],
    ['toint(properties.missing) <= 3', null],
    ['toint(properties.missing) in (3)', false],
    ['toint(properties.missing) !in (3)', true],
    ['properties.missing == true', false],
    ["properties.missing == ''", true],
    ["properties.missing =~ 'x'", false],
    ["properties.missing !~ 'x'", true],
    ['toint(properties.missing) > 3 and true', false],
    ['toint(properties.missing) > 3 or true', true],
    ['not(toint(properties.missing) > 3)', null],
    ['isnull(properties.missing)', true],
    ['isnull(properties.nothing)', true],
    ['isnull(properties.empty)', false],
    ['isnull(managedBy)', false],
    ['isnotnull(properties.list)', true],
    ['isempty(properties.missing)', true],
    ['isempty(properties.empty)', true],
    ['isempty(properties.list)', false],
    ['isempty(managedBy)', true],
    ['isnotempty(name)', true],
    ['tostring(properties.missing)', ''],
    ['tobool(properties.missing)', null],
    ['toint(properties.missing)', null],
    ['todatetime(properties.missing)', null],
    ['array_length(properties.missing)', null],
    ["strcat('a', properties.missing)", 'a'],
    ['tolower(properties.missing)', ''],
    ["iff(toint(properties.missing) > 3, 'yes', 'no')", 'no'],
    ["coalesce(managedBy, tostring(properties.missing), 'x')", 'x'],
    ['coalesce(properties.missing, properties.nothing)', null],
  ])('%s is %j', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });

  it('in a condition drops the row', () => {
    const answer = compileQuery('resources | where not(toint(properties.missing) > 3)').run([row]);

    expect(answer).toEqual([]);
  });
});

describe('comparisons', () => {
  it.each([
    ["name == 'aks-1'", false],
    ["name =~ 'aks-1'", true],
    ["name != 'aks-1'", true],
    ["name !~ 'aks-1'", false],
    ["name in ('x', 'aks-1')", false],
    ["name in~ ('x', 'aks-1')", true],
    ["name !in ('x', 'aks-1')", true],
    ["name !in~ ('x', 'aks-1')", false],
    ["name contains 'KS'", true],
    ["name contains_cs 'KS'", false],
    ["name !contains 'KS'", false],
    ["name !contains_cs 'KS'", true],
    ["name startswith 'aks'", true],
    ["name startswith_cs 'aks'", false],
    ["name endswith '-1'", true],
    ["name !endswith '-1'", false],
    ["name has 'aks'", true],
    ["name has 'ak'", false],
    ["name has 'aks-1'", true],
    ["name has ''", true],
    ["id has 'rg'", true],
    ["id has_cs 'rg'", false],
    ["id !has 'resource'", true],
    ['properties.enabled == true', true],
    ["properties.word == 'true'", true],
    ['properties.word == true', true],
    ["properties.enabled == 'true'", true],
    ['properties.count == 3', true],
    ["properties.count == '3'", true],
    ['properties.digits == 42', true],
    ['properties.count in (1, 3)', true],
    ['3 <= properties.count', true],
    ['properties.half < 2.5', false],
    ['toint(properties.half) == 2', true],
    ['properties.count > -1', true],
    ['properties.made > datetime(2026-11-22T06:00:00.1234566Z)', true],
    ['todatetime(properties.made) == datetime(2026-11-22 06:00:00.1234567)', true],
    ['properties.made < ago(1d)', true],
    ['now() > ago(1ms)', true],
    ['ago(-1h) > now()', true],
  ])('%s is %j', (expression, expected) => {
    expect(evaluate(expression)).toBe(expected);
  });
});

describe('functions', () => {
  it.each([
    ['tostring(properties.enabled)', 'true'],
    ['tostring(properties.half)', '2.5'],
    ['tostring(properties.bag)', '{"kubernetes.io/name":"x","Case":1}'],
    ['tostring(properties.list[0])', 'a'],
    ['tostring(todatetime(properties.made))', '2026-11-22T06:00:00.1234567Z'],
    ['tostring(1.5h)', '01:30:00'],
    ['tostring(-2d)', '-2.00:00:00'],
    ['tostring(25h)', '1.01:00:00'],
    ['tostring(5ms)', '00:00:00.0050000'],
    ['tobool(properties.word)', true],
    ["tobool('FALSE')", false],
    ["tobool('yes')", null],
    ['tobool(0)', false],
    ["toint('12')", 12],
    ["toint('12x')", null],
    ['toint(-2.9)', -2],
    ['toint(2147483648)', null],
    ['toint(true)', 1],
    ["todatetime('2026-02-30')", null],
    ["todatetime('2026-13-01')", null],
    ["todatetime('22 Nov 2026')", null],
    ["todatetime('2026-11-22T06:00:00+02:00')", '2026-11-22T04:00:00.0000000Z'],
    ["todatetime('1969-12-31T23:59:59.9999999Z')", '1969-12-31T23:59:59.9999999Z'],
    ['now()', '2026-11-24T00:00:00.0000000Z'],
    ['ago(1d)', '2026-11-23T00:00:00.0000000Z'],
    ['tolower(name)', 'aks-1'],
    ['toupper(properties.word)', 'TRUE'],
    ["split('a/b//c', '/')", ['a', 'b', '', 'c']],
    ["split(id, '/')[4]", 'RG'],
    ["strcat(name, '-', properties.count, '-', true)", 'Aks-1-3-true'],
    [
      "extract('([0-9a-f-]{36})$', 1, '/roles/4d97b98b-1d4f-4787-a291-c67834d212e7')",
      '4d97b98b-1d4f-4787-a291-c67834d212e7',
    ],
    ["extract('(?i)AKS-(.)', 1, name)", '1'],
    ["extract('nothing', 0, name)", ''],
    ["extract('(a)|(A)', 1, 'A')", ''],
    ['array_length(properties.list)', 2],
    ['array_length(properties.bag)', null],
    ["iff(properties.enabled == true, 'on', 'off')", 'on'],
    ["iif(properties.disabled == true, 'on', 'off')", 'off'],
    ['coalesce(properties.missing, properties.count)', 3],
    ['not(properties.disabled)', true],
  ])('%s is %j', (expression, expected) => {
    expect(evaluate(expression)).toEqual(expected);
  });
});

describe('what has no meaning', () => {
  it.each([
    [
      'nope',
      "There is no column 'nope' here. Check its spelling and case, or project it earlier.",
      'UnresolvedColumn',
    ],
    [
      'Name',
      "There is no column 'Name' here. Check its spelling and case, or project it earlier.",
      'UnresolvedColumn',
    ],
    ['name.x', 'A string has no members. Take them from a dynamic value.', 'TypeMismatch'],
    [
      'properties.a == properties.b',
      "'==' cannot compare dynamic with dynamic. Cast one side, for example with tostring().",
      'TypeMismatch',
    ],
    [
      'name == 1',
      "'==' cannot compare string with number. Cast one side, for example with tostring().",
      'TypeMismatch',
    ],
    [
      "name < 'x'",
      "'<' cannot compare string with string. Cast one side, for example with tostring().",
      'TypeMismatch',
    ],
    [
      'name contains 1',
      "'contains' cannot compare string with number. Cast one side, for example with tostring().",
      'TypeMismatch',
    ],
    [
      "name in ('a', 1)",
      "'in' cannot look for string among string and number. Use one type on both sides.",
      'TypeMismatch',
    ],
    [
      'properties.count in~ (1)',
      "'in~' cannot look for dynamic among number. Use one type on both sides.",
      'TypeMismatch',
    ],
    [
      'name in (id)',
      'A list holds literals only. Compare with == instead.',
      'InvalidQueryLanguage',
    ],
    [
      'true and name',
      'A condition is a bool, not a string. Compare it or use tobool().',
      'TypeMismatch',
    ],
    [
      'true or properties.enabled',
      'A condition is a bool, not a dynamic. Compare it or use tobool().',
      'TypeMismatch',
    ],
    ['tolower(1)', 'Expected string, found number. Cast the argument.', 'TypeMismatch'],
    ['tostring()', 'tostring() takes 1 argument, not 0. Add or remove some.', 'TypeMismatch'],
    [
      "coalesce('a')",
      'coalesce() takes 2 to 64 arguments, not 1. Add or remove some.',
      'TypeMismatch',
    ],
    [
      'coalesce(name, 1)',
      'coalesce() mixes string and number. Cast its arguments to one type.',
      'TypeMismatch',
    ],
    ["extract(name, 1, 'x')", 'extract() needs a literal text here.', 'TypeMismatch'],
    [
      "extract('(', 1, 'x')",
      "'(' is not a regular expression. Check its brackets and escapes.",
      'InvalidQueryLanguage',
    ],
    [
      "extract('(?=a)', 1, 'x')",
      'The regular expression of extract() uses look-around, named groups or back references. Use plain groups.',
      'InvalidQueryLanguage',
    ],
    ["split(name, '')", 'split() needs a delimiter. Give a text.', 'TypeMismatch'],
    [
      '9007199254740993',
      "'9007199254740993' is not a number. Write one that exists.",
      'ParserFailure',
    ],
    [
      'datetime(2026-02-30)',
      "'datetime(2026-02-30)' is not a datetime. Write one that exists.",
      'ParserFailure',
    ],
  ])('%s throws', (expression, message, code) => {
    const error = errorOf(() => compileQuery(`resources | extend x = ${expression}`));

    expect(error).toMatchObject({ code });
    expect(String(error)).toContain(`KustoError: ${message} (line 1, character `);
  });

  it.each(['toString', 'constructor', 'ToLower', 'parse_xml', 'rand', 'count'])(
    'the function %s() throws',
    (name) => {
      const error = errorOf(() => compileQuery(`resources | extend x = ${name}(id)`));

      expect(error).toMatchObject({ code: 'UnknownFunction' });
    },
  );

  it('a query about the time throws when it gets none', () => {
    const query = compileQuery('resources | where now() > ago(1d)');

    expect(() => query.run([row])).toThrow('The query asks for the time. Run it with one.');
  });
});

function evaluate(expression: string): unknown {
  const query = compileQuery(`resources | project x = ${expression}`);
  return query.run([row], Date.UTC(2026, 10, 24))[0]?.['x'];
}
