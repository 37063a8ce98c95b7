import fc from 'fast-check';

import { JsonProblem } from '../../../host/newtonsoft/json-problem';
import { parseDocument, parseFirst } from '../../../host/newtonsoft/lenient-json';

const problemOf = (result: ReturnType<typeof parseFirst>): unknown =>
  'problem' in result ? [result.problem.type, result.problem.message] : result;

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
    ['{"a":1.,"b":.5,"c":0x1F,"d":017}', { a: 1, b: 0.5, c: 31, d: 15 }],
    ['[1,,2]', [1, null, 2]],
    ['"\\u00e9\\n\t"', 'é\n\t'],
    ['{a:{b:[{c:1}]}}', { a: { b: [{ c: 1 }] } }],
  ])('%s is %j', (text, value) => {
    const result = parseDocument(text);

    expect(result).toEqual({ value });
  });

  it('keeps a member that is called __proto__', () => {
    const result = parseDocument("{'__proto__':1}");

    expect(JSON.stringify(result)).toBe('{"value":{"__proto__":1}}');
  });

  it.each([
    ['', "Error reading JToken from JsonReader. Path '', line 0, position 0."],
    [
      'not',
      "Unexpected character encountered while parsing value: n. Path '', line 0, position 0.",
    ],
    [
      '{not json',
      `Invalid character after parsing property name. Expected ':' but got: j. Path '', line 1, position 5.`,
    ],
    ['{bad', "Unexpected end while parsing unquoted property name. Path '', line 1, position 4."],
    ['"open', `Unterminated string. Expected delimiter: ". Path '', line 1, position 5.`],
    ['{"a":tru', "Unexpected end when reading JSON. Path 'a', line 1, position 8."],
    ['trux', "Error parsing boolean value. Path '', line 1, position 3."],
    [
      '[1 2]',
      "After parsing a value an unexpected character was encountered: 2. Path '[0]', line 1, position 3.",
    ],
    [
      '[1}',
      "JsonToken EndObject is not valid for closing JsonType Array. Path '', line 1, position 3.",
    ],
    [
      '[{"a b":[1,x',
      "Unexpected character encountered while parsing value: x. Path '[0]['a b'][0]', line 1, position 11.",
    ],
    [
      '{\n"a": x}',
      "Unexpected character encountered while parsing value: x. Path 'a', line 2, position 5.",
    ],
    ['1.2.3', "Input string '1.2.3' is not a valid number. Path '', line 1, position 5."],
    ['"\\q"', "Bad JSON escape sequence: \\q. Path '', line 1, position 3."],
    [
      '{} x',
      "Additional text encountered after finished reading JSON content: x. Path '', line 1, position 3.",
    ],
  ])('%s is no document: %s', (text, problem) => {
    const result = parseDocument(text);

    expect(problemOf(result)).toEqual(['JsonReaderException', problem]);
  });

  it.each([
    [
      '{',
      'JsonSerializationException',
      "Unexpected end when reading JSON. Path '', line 1, position 1.",
    ],
    [
      '{"a":1',
      'JsonSerializationException',
      "Unexpected end when deserializing object. Path 'a', line 1, position 6.",
    ],
    [
      '{"a":[1',
      'JsonSerializationException',
      "Unexpected end when deserializing object. Path 'a[0]', line 1, position 7.",
    ],
    ['{"a":{"b":', 'JsonWriterException', "Unexpected end when reading token. Path 'a'."],
    ['[[', 'JsonWriterException', "Unexpected end when reading token. Path '[0]'."],
  ])('%s is a document cut off: %s', (text, type, problem) => {
    const result = parseDocument(text);

    expect(problemOf(result)).toEqual([type, problem]);
  });

  it('does not notice that the end of a list is missing in a document', () => {
    const result = parseDocument('[1,{"a":2');

    expect(result).toEqual({ value: [1, { a: 2 }] });
  });

  it.each([
    ['{', "Error reading JObject from JsonReader. Path '', line 1, position 1."],
    ['[', "Error reading JArray from JsonReader. Path '', line 1, position 1."],
    [
      '{"a":[1,',
      "Unexpected end of content while loading JObject. Path 'a[0]', line 1, position 8.",
    ],
    ['[1', "Unexpected end of content while loading JArray. Path '[0]', line 1, position 2."],
  ])('%s has no first value: %s', (text, problem) => {
    const result = parseFirst(text);

    expect(problemOf(result)).toEqual(['JsonReaderException', problem]);
  });

  it('looks at the first value only where a text may go on', () => {
    const result = parseFirst('{"a":1} x');

    expect(result).toEqual({ value: { a: 1 } });
  });

  it('is all JSON there is', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!text.includes('\\')); // Node 24 may take a key that begins with an escape for another one
        const value = JSON.parse(text) as unknown;

        expect([parseDocument(text), parseFirst(text)]).toEqual([{ value }, { value }]);
      }),
    );
  });

  it('ends with a value or a problem for any text', () => {
    const unit = fc.constantFrom(...'{|}|[|]|:|,|"|\'|\\| |a|1|/|*|\n'.split('|'));
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        for (const result of [parseDocument(text), parseFirst(text)]) {
          expect('value' in result || result.problem instanceof JsonProblem).toBe(true);
        }
      }),
    );
  });
});
