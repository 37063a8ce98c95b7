import { headersOfAnswer, headersToSend } from '../../../host/durable/activities/http-headers';

const agent = 'Microsoft.Azure.WebJobs.Extensions.DurableTask/3.19.0';

describe('the headers of a call', () => {
  test.each([
    [{}, undefined, { 'user-agent': agent }],
    [{ 'User-Agent': 'mine' }, undefined, { 'user-agent': 'mine' }],
    [{ 'Content-Type': 'text/css' }, undefined, { 'user-agent': agent }],
    [{}, '{"é":1}', { 'user-agent': agent, 'content-type': 'text/plain', 'content-length': 8 }],
    [
      { 'Content-Type': 'application/json', 'X-A': '1' },
      '',
      { 'x-a': '1', 'user-agent': agent, 'content-type': 'application/json', 'content-length': 0 },
    ],
  ])('%j with the content %j', (headers, content, sent) => {
    expect(headersToSend(headers, content)).toEqual(sent);
  });

  test.each([
    [{ 'bad name': 'x' }, "The header name 'bad name' has an invalid format."],
    [
      { 'content-type': 'application/json; charset=utf-8' },
      "The format of value 'application/json; charset=utf-8' is invalid.",
    ],
    [
      { Expires: 'x' },
      "Misused header name, 'expires'. Make sure request headers are used with HttpRequestMessage, response headers with HttpResponseMessage, and content headers with HttpContent objects.",
    ],
  ])('%j are refused: %s', (headers, message) => {
    expect(() => headersToSend(headers, 'x')).toThrow(message);
  });
});

test('headers of an answer have the spelling of .NET, and lists where there are several values', () => {
  const headers = headersOfAnswer([
    ...['x-One', '1', 'x-One', '2', 'etag', '"x"', 'content-type', 'text/plain'],
    ...['vary', 'a, b', 'set-cookie', 'a=1', 'keep-alive', 'timeout=5, max=9', 'allow', 'GET'],
    ...['www-authenticate', 'Basic', 'TRANSFER-ENCODING', 'chunked'],
  ]);

  expect(headers).toEqual({
    'x-One': ['1', '2'],
    ETag: '"x"',
    Vary: ['a', 'b'],
    'Set-Cookie': 'a=1',
    'Keep-Alive': 'timeout=5, max=9',
    'WWW-Authenticate': 'Basic',
    'Transfer-Encoding': 'chunked',
  });
});
