import { decodePath, encodePath } from '../../../host/http/request-path';

describe('the path of a request', () => {
  it.each([
    ['/a%20b/%C3%A9', '/a b/é'],
    ['/a%2Fb%2fc', '/a%2Fb%2fc'],
    ['/a%25b', '/a%b'],
    ['/%E9x', '/%E9x'],
    ['/%E0%A4%A', '/%E0%A4%A'],
    ['/%C3%41', '/%C3A'],
    ['/%C0%AF', '/%C0%AF'],
    ['/%ED%A0%80', '/%ED%A0%80'],
    ['/100%', '/100%'],
    ['/%F0%9F%98%80', '/😀'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/../../b', '/b'],
    ['/a/%2E%2e/b', '/b'],
    ['/a/b/..', '/a/'],
    ['/a/b/.', '/a/b/'],
    ['/a/..b/.c', '/a/..b/.c'],
    ['//a//b/', '//a//b/'],
  ])('%s is %s for routes', (encoded, expected) => {
    expect(decodePath(encoded)).toBe(expected);
  });

  it.each(['/a%00b', '/é', 'a', '*'])('%s is refused', (encoded) => {
    expect(decodePath(encoded)).toBeUndefined();
  });

  it.each([
    ['/a b/é', '/a%20b/%C3%A9'],
    ['/😀', '/%F0%9F%98%80'],
    ['/a%2Fb', '/a%2Fb'],
    ['/a%b', '/a%25b'],
    ["/~!$&'()*+,;=:@", "/~!$&'()*+,;=:@"],
    ['/"<>[]{}|^`', '/%22%3C%3E%5B%5D%7B%7D%7C%5E%60'],
  ])('%s is written as %s', (decoded, expected) => {
    expect(encodePath(decoded)).toBe(expected);
  });
});
