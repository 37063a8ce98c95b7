import { constraintOf } from '../../../host/http/route-constraints';

describe('a route constraint', () => {
  it.each([
    ['int', ['0', '-3', '+5', ' 7 ', '2147483647'], ['', '1.5', 'x', '2147483648', '1e3', '1 2']],
    ['INT', ['1'], ['x']],
    ['long', ['9223372036854775807', '-9223372036854775808'], ['9223372036854775808', '']],
    ['bool', ['true', 'FALSE', ' True '], ['yes', '1', '']],
    ['alpha', ['abcXYZ', '', 'abc\n'], ['a1', 'é', ' ', 'a b']],
    [
      'guid',
      [
        '11111111-2222-3333-4444-555555555555',
        '11111111222233334444555555555555',
        '{11111111-2222-3333-4444-555555555555}',
        '(11111111-2222-3333-4444-55555555ABCD)',
      ],
      [
        'nope',
        '11111111-2222-3333-4444-55555555555',
        '{11111111-2222-3333-4444-555555555555',
        '1111111122223333-4444-555555555555',
      ],
    ],
    ['decimal', ['1.5', '-2', '.5', '5.', '1,234.5', '5-'], ['1e3', 'x', '', '-', '-5-', ',5']],
    ['decimal', ['79228162514264337593543950335'], ['79228162514264337593543950336']],
    ['double', ['1e3', '-1.5E-3', '1e999', 'NaN', '-infinity', '1,000'], ['x', 'e3', '1e', '5-']],
    ['float', ['1.5', 'Infinity'], ['one']],
    ['length(3)', ['abc'], ['ab', 'abcd']],
    ['length(2, 3)', ['ab', 'abc'], ['a', 'abcd']],
    ['minlength(2)', ['ab', 'abc'], ['a']],
    ['maxlength(2)', ['', 'ab'], ['abc']],
    ['min(3)', ['3', '9223372036854775807'], ['2', '3.5', '9223372036854775808']],
    ['max(5)', ['5', '-9'], ['6', 'x']],
    ['range(-1,1)', ['-1', '+1', '0'], ['2', '']],
    ['required', ['x', ' '], ['']],
    ['file', ['a.txt', '.git', 'a..b', 'x/a.b'], ['a', 'a.', 'a..', 'a.b/c']],
    ['nonfile', ['a', ''], ['a.txt']],
    ['regex(^a{2,3}$)', ['aa', 'AAA'], ['a', 'aaaa']],
    ['regex(b)', ['abc'], ['ac']],
  ])('%s accepts %j and refuses %j', (constraint, good, bad) => {
    const holds = constraintOf(constraint);

    expect([...good, ...bad].map((value) => [value, holds(value)])).toEqual([
      ...good.map((value) => [value, true]),
      ...bad.map((value) => [value, false]),
    ]);
  });

  it.each([
    ['int', false],
    ['alpha', false],
    ['required', false],
    ['nonfile', true],
  ])('%s for no value at all: %s', (constraint, expected) => {
    const holds = constraintOf(constraint);

    expect(holds(undefined)).toBe(expected);
  });

  it.each([
    ['prime', 'The route constraint "prime" is not known.'],
    ['constructor', 'The route constraint "constructor" is not known.'],
    ['int(3)', 'The route constraint "int(3)" is not known.'],
    ['min', 'The route constraint "min" is not known.'],
    ['range(1)', 'The route constraint "range(1)" is not known.'],
    ['min(x)', 'A route constraint has an argument that is not a number.'],
    ['range(3,1)', 'A route constraint has a range that ends before it begins.'],
    ['length(3,1)', 'A route constraint asks for a length that nothing has.'],
  ])('%s is refused', (constraint, message) => {
    const make = (): unknown => constraintOf(constraint);

    expect(make).toThrow(message);
  });
});
