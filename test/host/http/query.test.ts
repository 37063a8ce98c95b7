import { parseQuery } from '../../../host/http/query';

describe('the query of a request', () => {
  it.each([
    ['', []],
    ['?', []],
    [
      '?a=1&b=&c&&=x',
      [
        ['a', '1'],
        ['b', ''],
        ['c', ''],
        ['', 'x'],
      ],
    ],
    [
      '?d=%20x%2By&e=a+b&f=1=2',
      [
        ['d', ' x+y'],
        ['e', 'a b'],
        ['f', '1=2'],
      ],
    ],
    [
      '?%C3%A9=%E2%9C%93&bad=%E9%zz',
      [
        ['é', '✓'],
        ['bad', '%E9%zz'],
      ],
    ],
  ])('%s is %j', (search, expected) => {
    expect([...parseQuery(search)]).toEqual(expected);
  });

  it('is asked in any letter case', () => {
    const query = parseQuery('?Code=1&CODE=2');

    expect([query.get('code'), query.getAll('code'), query.get('other')]).toEqual([
      '1',
      ['1', '2'],
      null,
    ]);
  });
});
