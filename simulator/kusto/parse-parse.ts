import type { Position } from './kusto-error';
import { parseExpression } from './parse-expression';
import { parseOptions } from './parse-options';
import type { ParseStage } from './syntax';
import type { TokenReader } from './token-reader';

/** `parse subject with * 'text' name:type *`. */
export function parseParse(reader: TokenReader, at: Position): ParseStage {
  const kind = parseOptions(reader, ['kind']).get('kind') ?? 'simple';
  if (kind !== 'simple') reader.fail('kind=simple: other kinds of parse are not available');
  const subject = parseExpression(reader);
  reader.expect('name', 'with');
  const pattern: ParseStage['pattern'][number][] = [];
  while (reader.is('text') || reader.is('name') || reader.is('symbol', '*')) {
    pattern.push(parsePart(reader));
  }
  if (pattern.length === 0) reader.fail('a pattern');
  return { kind: 'parse', at, subject, pattern };
}

function parsePart(reader: TokenReader): ParseStage['pattern'][number] {
  const { kind, text } = reader.take();
  if (kind === 'text') return { kind: 'text', text };
  if (kind === 'symbol') return { kind: 'skip' };
  const typed = reader.accept('symbol', ':') !== undefined;
  return { kind: 'column', name: text, type: typed ? reader.expect('name').text : 'string' };
}
