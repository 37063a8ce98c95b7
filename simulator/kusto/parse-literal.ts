import type { LiteralExpression } from './syntax';
import type { Token } from './token';
import type { TokenReader } from './token-reader';

/** A literal, with its sign if it has one; undefined when something else stands here. */
export function parseLiteral(reader: TokenReader): LiteralExpression | undefined {
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

function parseNegative(reader: TokenReader): LiteralExpression | undefined {
  const { kind, text } = reader.peek(1);
  if (kind !== 'number' && kind !== 'timespan') return undefined;

  const { at } = reader.take();
  reader.take();
  return { kind: 'literal', at, type: kind, text: `-${text}` };
}
