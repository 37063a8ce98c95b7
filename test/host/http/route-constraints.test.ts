import { constraintOf } from '../../../host/http/route-constraints';

describe('a route constraint', () => {
  it.each([
    ['int', ['0', '-3', '+5', '2147483647'], ['', '1.5', 'x', '2147483648', '1e3']],
    ['long', ['9223372036854775807'], ['9223372036854775808', '']],
    ['bool', ['true', 'FALSE'], ['yes', '1', '']],
    ['alpha', ['abcXYZ', ''], ['a1', 'é', ' ']],
    [
      'guid',
      ['11111111-2222-3333-4444-555555555555', '11111111222233334444555555555555'],
      ['nope', '11111111-2222-3333-4444-55555555555'],
    ],
    [
      'datetime',
      ['2031-02-03', '2031-02-03T04:05:06', '2/3/2031 4:05 PM'],
      ['soon', '12', '2031-13-45'],
    ],
    ['decimal', ['1.5', '-2', '.5'], ['1e3', 'x', '']],
    ['double', ['1e3', '-1.5E-3'], ['x', 'e3']],
    ['length(3)', ['abc'], ['ab', 'abcd']],
    ['minlength(2)', ['ab', 'abc'], ['a']],
    ['maxlength(2)', ['', 'ab'], ['abc']],
    ['max(5)', ['5', '-9'], ['6', 'x']],
    ['required', ['x'], ['']],
    ['file', ['a.txt'], ['a', 'a.', 'a.b/c']],
    ['nonfile', ['a'], ['a.txt']],
  ])('%s accepts %j and refuses %j', (constraint, good, bad) => {
    const [, name = '', args] = /^(\w+)(?:\((.*)\))?$/.exec(constraint) ?? [];
    const holds = constraintOf(name, args);

    expect([...good, ...bad].map((value) => [value, holds(value)])).toEqual([
      ...good.map((value) => [value, true]),
      ...bad.map((value) => [value, false]),
    ]);
  });
});
