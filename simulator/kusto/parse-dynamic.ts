import type { Json } from '../json';
import { parseLiteral } from './parse-literal';
import type { TokenReader } from './token-reader';

/** What stands in the parentheses of `dynamic(…)`: a JSON value. */
export function parseDynamic(reader: TokenReader): Json {
  reader.expect('symbol', '(');
  const value = parseValue(reader);
  reader.expect('symbol', ')');
  return value;
}

function parseValue(reader: TokenReader): Json {
  return reader.nested(() => {
    if (reader.accept('symbol', '[') !== undefined) return parseItems(reader, ']', parseValue);
    if (reader.accept('symbol', '{') !== undefined) {
      return Object.fromEntries(parseItems(reader, '}', parseMember));
    }
    if (reader.accept('name', 'null') !== undefined) return null;
    return parseScalar(reader);
  });
}

function parseItems<T>(reader: TokenReader, end: string, read: (from: TokenReader) => T): T[] {
  if (reader.accept('symbol', end) !== undefined) return [];
  const items = reader.list(() => read(reader));
  reader.expect('symbol', end);
  return items;
}

function parseMember(reader: TokenReader): [string, Json] {
  const name = reader.expect('text').text;
  reader.expect('symbol', ':');
  return [name, parseValue(reader)];
}

function parseScalar(reader: TokenReader): Json {
  const literal = parseLiteral(reader);
  if (literal === undefined) return reader.fail('a JSON value');
  if (literal.type === 'number') return Number(literal.text);
  return literal.type === 'bool' ? literal.text === 'true' : literal.text;
}
