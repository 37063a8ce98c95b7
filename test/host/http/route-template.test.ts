import { parseTemplate } from '../../../host/http/route-template';

describe('a route template', () => {
  it.each([
    ['orders/latest', '/ORDERS/Latest', {}],
    ['orders/latest', '/orders/latest/', {}],
    ['orders/latest', '/orders/latest//', undefined],
    ['orders/latest', '//orders/latest', undefined],
    ['orders/latest', '/orders//latest', undefined],
    ['orders/latest', '/orders/latest/more', undefined],
    ['orders/latest', '/orders', undefined],
    ['/orders/', '/orders', {}],
    ['{a}', '/', undefined],
    ['{a}', '//', undefined],
    ['orders/{Id}', '/orders/7', { Id: '7' }],
    ['orders/{id}', '/orders/a b', { id: 'a b' }],
    ['orders/{id?}', '/orders', {}],
    ['orders/{id?}', '/orders//', undefined],
    ['orders/{id=blue}', '/orders', { id: 'blue' }],
    ['orders/{id=blue}', '/orders/red', { id: 'red' }],
    ['orders/{id:int=x}', '/orders', undefined],
    ['{a}/{b?}', '/x/y', { a: 'x', b: 'y' }],
    ['{a}/{b?}', '/x/y/z', undefined],
    ['{*rest}', '/', {}],
    ['{*rest:int}', '/', undefined],
    ['{*rest:int}', '/5', { rest: '5' }],
    ['{*rest:nonfile}', '/', {}],
    ['files/{*rest}', '/files/a//b', { rest: 'a//b' }],
    ['files/{*rest}', '/files/a/b/', { rest: 'a/b/' }],
    ['files/{*rest}', '/files//a', undefined],
    ['files/{*rest}', '/files/', {}],
    ['files/{**rest}', '/files/a/b', { rest: 'a/b' }],
    ['files/{*rest=index}', '/files', { rest: 'index' }],
    ['{name}.{extension}', '/report.final.pdf', { name: 'report.final', extension: 'pdf' }],
    ['{name}.{extension}', '/report.', undefined],
    ['{name}.{extension}', '/.pdf', undefined],
    ['{name}.{extension?}', '/report.pdf', { name: 'report', extension: 'pdf' }],
    ['{name}.{extension?}', '/report', { name: 'report' }],
    ['{name}.{extension?}', '/report.', undefined],
    ['{a}-{b}', '/1-2-3', { a: '1-2', b: '3' }],
    ['{a}-{b}', '/1--2', { a: '1-', b: '2' }],
    ['{a}-{b}', '/12', undefined],
    ['{a}AND{b}', '/1and2', { a: '1', b: '2' }],
    ['v{version:int}', '/v12', { version: '12' }],
    ['v{version:int}', '/vx', undefined],
    ['v{version}', '/v', undefined],
    ['v{version}x', '/v1x', { version: '1' }],
    ['v{version}x', '/uv1x', undefined],
    ['{{literal}}', '/{literal}', {}],
    ['{n:int:min(3)}', '/2', undefined],
    ['{n:int:min(3)}', '/3', { n: '3' }],
    ['{n:int?}', '/', {}],
    ['{n:int?}', '/x', undefined],
    ['{n:range(1,9)}/{s:length(2,4)}', '/9/abcd', { n: '9', s: 'abcd' }],
    [String.raw`{z:regex(^\d{{5}}$)}`, '/12345', { z: '12345' }],
    [String.raw`{z:regex(^\d{{5}}$)}`, '/1234', undefined],
    ['{p:regex(^(a|b)/?$)}', '/b', { p: 'b' }],
    ['{p:regex(^a:b=c$)}', '/a:b=c', { p: 'a:b=c' }],
    ['{p:regex(^a+$):minlength(2)=aa}', '/', { p: 'aa' }],
    ['{p:regex(^(x|y)$)=x}', '/', { p: 'x' }],
  ])('%s matches %s as %j', (template, path, expected) => {
    const values = parseTemplate(template).match(path);

    expect(values).toEqual(expected);
  });

  it.each([
    ['orders/{id', 'The route "orders/{id" has a brace without its partner.'],
    ['orders/id}', 'The route "orders/id}" has a brace without its partner.'],
    ['{a{b}', 'The route "{a{b}" has a brace without its partner.'],
    ['orders/{}', 'The route parameter "{}" cannot be understood.'],
    ['{*rest?}', 'The route parameter "{*rest?}" cannot be understood.'],
    ['{id=5?}', 'The route parameter "{id=5?}" cannot be understood.'],
    ['{id:prime}', 'The route constraint "prime" is not known.'],
    ['a//b', 'The route "a//b" has a slash after a slash.'],
    ['a?b', 'The route text "a?b" has a question mark.'],
    ['{*rest}/b', 'The route parameter "{*rest}" is not the last one.'],
    ['{a}/{A}', 'The route parameter "{A}" stands there twice.'],
    ['{a}{b}', 'The route parameter "{a}" has another one right behind it.'],
    ['{a}-{b?}', 'The route parameter "{b}" needs a segment of its own.'],
    ['x{*rest}', 'The route parameter "{rest}" needs a segment of its own.'],
  ])('is refused when it is %s', (template, message) => {
    const parse = (): unknown => parseTemplate(template);

    expect(parse).toThrow(message);
  });
});
