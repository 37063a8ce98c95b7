import fc from 'fast-check';

import { parseLenient } from '../../host/lenient-json';

describe('the JSON that the Durable HTTP API takes', () => {
  it.each([
    ["{'a':1}", { a: 1 }],
    ['{a: 1, b: [1, 2,],}', { a: 1, b: [1, 2] }],
    ["'it\\'s'", "it's"],
    [`{'a':"b'c"}`, { a: "b'c" }],
    [`'say "x"'`, 'say "x"'],
    ['/* note */ [1] // end', [1]],
    ['NaN', 'NaN'],
    ['undefined', null],
    ['{"a":1.}', { a: 1 }],
  ])('%s is %j', (text, value) => {
    const result = parseLenient(text);

    expect(result).toEqual({ value });
  });

  it.each([
    ['', "Error reading JToken from JsonReader. Path '', line 0, position 0."],
    [
      'not json',
      "Unexpected character encountered while parsing value: n. Path '', line 0, position 0.",
    ],
    [
      '{not json',
      "Invalid character after parsing property name. Expected ':' but got: j. Path '', line 1, position 5.",
    ],
    ['{bad', "Unexpected end while parsing unquoted property name. Path '', line 1, position 4."],
    ['{"names":', "Unexpected end when deserializing object. Path 'names', line 1, position 9."],
  ])('%s is none: %s', (text, problem) => {
    const result = parseLenient(text);

    expect(result).toMatchObject({ problem });
  });

  it('is all JSON there is', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseLenient(text)).toEqual({ value: JSON.parse(text) as unknown });
      }),
    );
  });

  it('ends with a value or a problem for any text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            ':',
            ',',
            '"',
            "'",
            '\\',
            ' ',
            'a',
            '1',
            '/',
            '*',
            '\n',
          ),
        }),
        (text) => {
          const result = parseLenient(text);

          expect('value' in result || result.problem.length > 0).toBe(true);
        },
      ),
    );
  });
});

describe('JSON inside JSON', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  // Texts are those of the real engine.
  test.each([
    [nested(65), '[0]'.repeat(64), 65],
    [`${' {"a":'.repeat(65)}1${'}'.repeat(65)}`, `a${'.a'.repeat(63)}`, 386],
    [`${'{"a":['.repeat(33)}1${']}'.repeat(33)}`, `a[0]${'.a[0]'.repeat(31)}`, 193],
    [`[1, {"b c":${nested(64)}}]`, `[1]['b c']${'[0]'.repeat(62)}`, 74],
  ])('is read to a depth of 64 only: %.20s', (text, path, position) => {
    expect(parseLenient(text)).toEqual({
      problem: `The reader's MaxDepth of 64 has been exceeded. Path '${path}', line 1, position ${position}.`,
      cutOff: false,
    });
  });

  test.each([nested(64), `{'a':${nested(63)}}`, `"${'['.repeat(100)}"`])(
    'is read where it is not deeper: %.10s',
    (text) => {
      expect(parseLenient(text)).toHaveProperty('value');
    },
  );

  test('keeps a name that objects have anyway', () => {
    const result = parseLenient("{'__proto__': {'a': 1}}");

    expect(JSON.stringify(result)).toBe('{"value":{"__proto__":{"a":1}}}');
  });
});
