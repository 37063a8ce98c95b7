import { parseTemplate } from '../../../host/http/route-template';

describe('a route template', () => {
  it.each([
    ['orders/latest', 'ORDERS/Latest', {}],
    ['orders/latest', 'orders/latest/', {}],
    ['orders/latest', 'orders/latest/more', undefined],
    ['orders/latest', 'orders', undefined],
    ['', '', {}],
    ['{a}', '', undefined],
    ['orders/{Id}', 'orders/7', { Id: '7' }],
    ['orders/{id}', 'orders/a%20b', { id: 'a b' }],
    ['orders/{id}', 'orders/a%2Fb', { id: 'a%2Fb' }],
    ['orders/{id}', 'orders/%E0%A4%A', { id: '%E0%A4%A' }],
    ['orders/{id}', 'orders//', undefined],
    ['orders/{id?}', 'orders', {}],
    ['orders/{id=blue}', 'orders', { id: 'blue' }],
    ['orders/{id=blue}', 'orders/red', { id: 'red' }],
    ['{a}/{b?}', 'x/y', { a: 'x', b: 'y' }],
    ['{a}/{b?}', 'x/y/z', undefined],
    ['{*rest}', '', {}],
    ['files/{*rest}', 'files/a//b', { rest: 'a//b' }],
    ['files/{**rest}', 'files/a/b', { rest: 'a/b' }],
    ['files/{*rest=index}', 'files', { rest: 'index' }],
    [
      'files/{name}.{extension}',
      'files/report.final.pdf',
      { name: 'report.final', extension: 'pdf' },
    ],
    ['v{version:int}', 'v12', { version: '12' }],
    ['v{version:int}', 'vx', undefined],
    ['{n:int:min(3)}', '2', undefined],
    ['{n:int:min(3)}', '3', { n: '3' }],
    ['{n:int?}', '', {}],
    ['{n:range(1,9)}/{s:length(2,4)}', '9/abcd', { n: '9', s: 'abcd' }],
    [String.raw`{z:regex(^\d{{5}}$)}`, '12345', { z: '12345' }],
    [String.raw`{z:regex(^\d{{5}}$)}`, '1234', undefined],
    ['{p:regex(^(a|b)/?$)}', 'b', { p: 'b' }],
  ])('%s matches %s as %j', (template, path, expected) => {
    const values = parseTemplate(template).match(path);

    expect(values).toEqual(expected);
  });

  it.each([
    ['orders/{id', 'The route "orders/{id" has a brace without its partner.'],
    ['orders/{}', 'The route parameter "{}" cannot be understood.'],
    ['{id:prime}', 'The route constraint "prime" is not known.'],
    ['{id:constructor}', 'The route constraint "constructor" is not known.'],
    ['{id:min}', 'A route constraint lacks the number that it needs.'],
  ])('is refused when it is %s', (template, message) => {
    const parse = (): unknown => parseTemplate(template);

    expect(parse).toThrow(message);
  });
});
