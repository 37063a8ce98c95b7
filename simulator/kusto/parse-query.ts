import { KustoError } from './kusto-error';
import { parseExpression } from './parse-expression';
import type { Expression, NamedExpression, OrderKey, Query, Stage } from './syntax';
import type { Token } from './token';
import { TokenReader } from './token-reader';
import { tokenize } from './tokenize';

/** Reads `table | stage | …`. @throws KustoError at the first thing that is not part of the language. */
export function parseQuery(text: string): Query {
  const reader = new TokenReader(tokenize(text));
  const { text: table, at } = reader.expect('name');
  const stages: Stage[] = [];
  while (reader.accept('symbol', '|') !== undefined) stages.push(parseStage(reader));
  reader.expect('end');
  return { table, at, stages };
}

function parseStage(reader: TokenReader): Stage {
  const word = reader.expect('name');
  const { text: name, at } = word;
  switch (name) {
    case 'where':
      return { kind: 'where', at, predicate: parseExpression(reader) };
    case 'extend':
    case 'project':
      return { kind: name, at, columns: reader.list(() => parseColumn(reader)) };
    case 'order':
    case 'sort':
      reader.expect('name', 'by');
      return { kind: 'order', at, keys: reader.list(() => parseOrderKey(reader)) };
    case 'take':
    case 'limit':
      return { kind: 'take', at, count: parseCount(reader) };
    default:
      throw unknownStage(word);
  }
}

function unknownStage({ text, at }: Token): KustoError {
  return new KustoError(
    'InvalidQueryLanguage',
    at,
    `The operator '${text}' is not available. Use where, extend, project, order by or take.`,
  );
}

function parseColumn(reader: TokenReader): NamedExpression {
  const { at, text } = reader.next;
  if (reader.is('name') && reader.peek(1).kind === 'symbol' && reader.peek(1).text === '=') {
    reader.take();
    reader.take();
    return { name: text, at, value: parseExpression(reader) };
  }
  const value = parseExpression(reader);
  return { name: impliedName(value), at, value };
}

/** Kusto names `a.b` after its path. What it names `Column1` has to be given a name here. */
function impliedName(value: Expression): string {
  if (value.kind === 'column') return value.name;
  if (value.kind === 'member' && /^\w+$/.test(String(value.key))) {
    return `${impliedName(value.source)}_${value.key}`;
  }
  throw new KustoError(
    'InvalidQueryLanguage',
    value.at,
    'The column has no name. Write name = expression.',
  );
}

/** Kusto sorts descending unless told otherwise, and takes null for the smallest value. */
function parseOrderKey(reader: TokenReader): OrderKey {
  const value = parseExpression(reader);
  const direction = reader.accept('name', 'asc') ? 'asc' : 'desc';
  if (direction === 'desc') reader.accept('name', 'desc');
  if (reader.accept('name', 'nulls') === undefined) {
    return { value, direction, nulls: direction === 'asc' ? 'first' : 'last' };
  }
  const first = reader.accept('name', 'first') !== undefined;
  if (!first) reader.expect('name', 'last');
  return { value, direction, nulls: first ? 'first' : 'last' };
}

function parseCount(reader: TokenReader): number {
  const { at, text } = reader.expect('number');
  const count = Number(text);
  if (Number.isSafeInteger(count)) return count;
  throw new KustoError(
    'ParserFailure',
    at,
    `'${text}' is not a number of rows. Use a whole number.`,
  );
}
