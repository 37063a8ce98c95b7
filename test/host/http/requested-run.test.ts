import { isJsonType, toRunInput } from '../../../host/http/requested-run';

describe('a request to run a function', () => {
  it.each([
    ['{"input":"text"}', 'text'],
    ['{"Input":"text"}', 'text'],
    ['{"input":""}', ''],
    ['{"input":null}', ''],
    ['{}', ''],
    ["{input:'text',}", 'text'],
    ['{"input":1.5}', '1.5'],
    ['{"input":true}', 'true'],
    ['{"input":{"a":1}}', undefined],
    ['{"input":[1]}', undefined],
    ['[]', undefined],
    ['"text"', undefined],
    ['null', undefined],
    ['{bad', undefined],
    ['', undefined],
  ])('with the body %s has the input %j', (body, expected) => {
    expect(toRunInput(body)).toBe(expected);
  });

  it.each([
    ['application/json', true],
    ['application/json; charset=utf-8', true],
    ['Application/JSON', true],
    ['text/json', true],
    ['application/problem+json', true],
    ['application/jsonp', false],
    ['text/plain', false],
    ['', false],
  ])('of the type "%s" is JSON: %s', (contentType, expected) => {
    expect(isJsonType(contentType)).toBe(expected);
  });
});
