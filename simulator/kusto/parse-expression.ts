import { KustoError } from './kusto-error';
import { parseDynamic } from './parse-dynamic';
import { parseLiteral } from './parse-literal';
import type { Expression, InOperator } from './syntax';
import type { TokenReader } from './token-reader';

const textOperators = new Set(
  ['contains', 'startswith', 'endswith', 'has', 'hasprefix', 'hassuffix'].flatMap((word) => [
    word,
    `${word}_cs`,
    `!${word}`,
    `!${word}_cs`,
  ]),
);
const inOperators: readonly string[] = ['in', 'in~', '!in', '!in~', 'has_any', 'has_all'];

/** `or` binds weakest, then `and`, comparisons (which do not chain), sums, products. */
export function parseExpression(reader: TokenReader): Expression {
  return reader.nested(() => parseLogical(reader, 'or', () => parseAnd(reader)));
}

function parseAnd(reader: TokenReader): Expression {
  return parseLogical(reader, 'and', () => parseComparison(reader));
}

function parseLogical(
  reader: TokenReader,
  operator: 'and' | 'or',
  operand: () => Expression,
): Expression {
  const first = operand();
  const operands = [first];
  while (reader.accept('name', operator) !== undefined) operands.push(operand());
  return operands.length === 1 ? first : { kind: 'logical', at: first.at, operator, operands };
}

function parseComparison(reader: TokenReader): Expression {
  const left = parseSum(reader);
  const { text: operator, at } = reader.next;
  if (isInOperator(reader)) return parseIn(reader, left);
  if (operator === 'between' || operator === '!between') return parseBetween(reader, left);
  if (reader.accept('name', 'matches') !== undefined) {
    reader.expect('name', 'regex');
    return { kind: 'comparison', at, operator: 'matches regex', left, right: parseSum(reader) };
  }
  if (!isComparison(reader)) return left;

  reader.take();
  const right = parseSum(reader);
  if (isComparison(reader)) {
    throw new KustoError(
      'ParserFailure',
      reader.next.at,
      'Comparisons do not chain. Put one of them in parentheses.',
    );
  }
  return { kind: 'comparison', at, operator, left, right };
}

function isComparison(reader: TokenReader): boolean {
  const { kind, text } = reader.next;
  if (kind === 'operator') return !isInOperator(reader) && text !== '!between';
  return kind === 'name' && textOperators.has(text);
}

function isInOperator({ next: { kind, text } }: TokenReader): boolean {
  return (kind === 'operator' || kind === 'name') && inOperators.includes(text);
}

function parseIn(reader: TokenReader, subject: Expression): Expression {
  const { text, at } = reader.take();
  reader.expect('symbol', '(');
  const list = reader.list(() => parseSum(reader));
  reader.expect('symbol', ')');
  return { kind: 'in', at, operator: text as InOperator, subject, list };
}

function parseBetween(reader: TokenReader, subject: Expression): Expression {
  const { text, at } = reader.take();
  reader.expect('symbol', '(');
  const low = parseSum(reader);
  reader.expect('symbol', '..');
  const high = parseSum(reader);
  reader.expect('symbol', ')');
  return { kind: 'between', at, negated: text === '!between', subject, low, high };
}

function parseSum(reader: TokenReader): Expression {
  return parseArithmetic(reader, ['+', '-'], () =>
    parseArithmetic(reader, ['*', '/', '%'], () => parseOperand(reader)),
  );
}

function parseArithmetic(
  reader: TokenReader,
  operators: readonly string[],
  operand: () => Expression,
): Expression {
  let left = operand();
  for (;;) {
    const { at, kind, text: operator } = reader.next;
    if (kind !== 'symbol' || !operators.includes(operator)) return left;
    reader.take();
    left = { kind: 'arithmetic', at, operator, left, right: operand() };
  }
}

function parseOperand(reader: TokenReader): Expression {
  let expression = parsePrimary(reader);
  for (;;) {
    const { at } = reader.next;
    const dot = reader.accept('symbol', '.');
    if (reader.accept('symbol', '[') !== undefined) {
      expression = parseSubscript(reader, { source: expression, at });
    } else if (dot !== undefined) {
      const key = reader.expect('name').text;
      expression = { kind: 'member', at, source: expression, key };
    } else {
      return expression;
    }
  }
}

function parseSubscript(
  reader: TokenReader,
  { source, at }: Pick<Extract<Expression, { kind: 'index' }>, 'source' | 'at'>,
): Expression {
  const key = constantKey(reader) ?? parseExpression(reader);
  reader.expect('symbol', ']');
  return typeof key === 'object'
    ? { kind: 'index', at, source, key }
    : { kind: 'member', at, source, key };
}

function constantKey(reader: TokenReader): string | number | undefined {
  if (reader.is('text')) return reader.take().text;
  const sign = reader.is('symbol', '-') ? -1 : 1;
  if (reader.peek(sign === 1 ? 0 : 1).kind !== 'number') return undefined;
  if (sign === -1) reader.take();
  const index = Number(reader.expect('number').text);
  return Number.isSafeInteger(index) ? sign * index : reader.fail('a whole number before this');
}

function parsePrimary(reader: TokenReader): Expression {
  const { at, text } = reader.next;
  const literal = parseLiteral(reader);
  if (literal !== undefined) return literal;
  if (reader.accept('symbol', '-') !== undefined) {
    const left = { kind: 'literal', at, type: 'number', text: '0' } as const;
    return { kind: 'arithmetic', at, operator: '-', left, right: parsePrimary(reader) };
  }
  if (reader.accept('symbol', '(') !== undefined) {
    const inner = parseExpression(reader);
    reader.expect('symbol', ')');
    return inner;
  }
  const quoted = quotedName(reader);
  if (quoted !== undefined) return { kind: 'column', at, name: quoted };
  if (reader.accept('name') === undefined) reader.fail('an expression');
  if (!reader.is('symbol', '(')) return { kind: 'column', at, name: text };
  if (text === 'dynamic') return { kind: 'constant', at, value: parseDynamic(reader) };
  return { kind: 'call', at, name: text, parameters: parseParameters(reader) };
}

/** `['name with spaces']` where a column stands. */
export function quotedName(reader: TokenReader): string | undefined {
  if (!reader.is('symbol', '[') || reader.peek(1).kind !== 'text') return undefined;
  reader.take();
  const { text } = reader.take();
  reader.expect('symbol', ']');
  return text;
}

function parseParameters(reader: TokenReader): readonly Expression[] {
  reader.expect('symbol', '(');
  if (reader.accept('symbol', ')') !== undefined) return [];

  const parameters = reader.list((): Expression => {
    const star = reader.accept('symbol', '*');
    return star === undefined ? parseExpression(reader) : { kind: 'star', at: star.at };
  });
  reader.expect('symbol', ')');
  return parameters;
}
