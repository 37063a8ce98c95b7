import { KustoError } from './kusto-error';
import type { Expression, InOperator, LiteralExpression } from './syntax';
import type { Token } from './token';
import type { TokenReader } from './token-reader';

const textOperators = new Set(
  ['contains', 'startswith', 'endswith', 'has'].flatMap((word) => [
    word,
    `${word}_cs`,
    `!${word}`,
    `!${word}_cs`,
  ]),
);

/** `or` binds weakest, then `and`, then comparisons, which do not chain. */
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
  const left = parseOperand(reader);
  const { text: operator, at } = reader.next;
  if (isInOperator(operator)) return parseIn(reader, left);
  if (!isComparison(reader)) return left;

  reader.take();
  const right = parseOperand(reader);
  if (isComparison(reader)) {
    throw new KustoError(
      'ParserFailure',
      reader.next.at,
      'Comparisons do not chain. Put one of them in parentheses.',
    );
  }
  return { kind: 'comparison', at, operator, left, right };
}

function isComparison({ next }: TokenReader): boolean {
  if (next.kind === 'operator') return !isInOperator(next.text);
  return next.kind === 'name' && textOperators.has(next.text);
}

function isInOperator(text: string): text is InOperator {
  return text === 'in' || text === 'in~' || text === '!in' || text === '!in~';
}

function parseIn(reader: TokenReader, subject: Expression): Expression {
  const { text, at } = reader.take();
  reader.expect('symbol', '(');
  const list = reader.list(() => parseOperand(reader));
  reader.expect('symbol', ')');
  return { kind: 'in', at, operator: text as InOperator, subject, list };
}

function parseOperand(reader: TokenReader): Expression {
  let expression = parsePrimary(reader);
  for (;;) {
    const { at } = reader.next;
    if (reader.accept('symbol', '.') !== undefined) {
      const key = reader.expect('name').text;
      expression = { kind: 'member', at, source: expression, key };
    } else if (reader.accept('symbol', '[') !== undefined) {
      expression = { kind: 'member', at, source: expression, key: parseSubscript(reader) };
    } else {
      return expression;
    }
  }
}

function parseSubscript(reader: TokenReader): string | number {
  const key = reader.accept('text')?.text ?? parseIndex(reader);
  reader.expect('symbol', ']');
  return key;
}

function parseIndex(reader: TokenReader): number {
  const sign = reader.accept('symbol', '-') === undefined ? 1 : -1;
  const index = Number(reader.expect('number').text);
  return Number.isSafeInteger(index) ? sign * index : reader.fail('a whole number before this');
}

function parsePrimary(reader: TokenReader): Expression {
  const { at, text } = reader.next;
  const literal = parseLiteral(reader);
  if (literal !== undefined) return literal;
  if (reader.accept('symbol', '(') !== undefined) {
    const inner = parseExpression(reader);
    reader.expect('symbol', ')');
    return inner;
  }
  if (reader.accept('name') === undefined) reader.fail('an expression');
  return reader.is('symbol', '(')
    ? { kind: 'call', at, name: text, parameters: parseParameters(reader) }
    : { kind: 'column', at, name: text };
}

function parseParameters(reader: TokenReader): readonly Expression[] {
  reader.expect('symbol', '(');
  if (reader.accept('symbol', ')') !== undefined) return [];

  const parameters = reader.list(() => parseExpression(reader));
  reader.expect('symbol', ')');
  return parameters;
}

function parseLiteral(reader: TokenReader): LiteralExpression | undefined {
  const { at, text } = reader.next;
  if (reader.is('symbol', '-')) return parseNegative(reader);

  const type = literalType(reader.next);
  if (type === undefined) return undefined;
  reader.take();
  return { kind: 'literal', at, type, text };
}

function literalType({ kind, text }: Token): LiteralExpression['type'] | undefined {
  if (kind === 'text' || kind === 'number' || kind === 'timespan' || kind === 'datetime') {
    return kind;
  }
  return kind === 'name' && (text === 'true' || text === 'false') ? 'bool' : undefined;
}

function parseNegative(reader: TokenReader): LiteralExpression {
  const { at } = reader.expect('symbol', '-');
  const { kind, text } = reader.next;
  if (kind !== 'number' && kind !== 'timespan') return reader.fail('a number');

  reader.take();
  return { kind: 'literal', at, type: kind, text: `-${text}` };
}
