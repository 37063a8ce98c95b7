import type { Position } from './kusto-error';
import { nameOf } from './implied-name';
import { parseExpression } from './parse-expression';
import type { NamedExpression, SummarizeStage } from './syntax';
import type { TokenReader } from './token-reader';

/** `summarize [name =] aggregate(…), … [by …]`. */
export function parseSummarize(reader: TokenReader, at: Position): SummarizeStage {
  const aggregates = reader.is('name', 'by') ? [] : reader.list(() => parseAggregate(reader));
  const by = reader.accept('name', 'by') === undefined ? [] : reader.list(() => parseGroup(reader));
  if (aggregates.length + by.length === 0) reader.fail('an aggregate');
  return { kind: 'summarize', at, aggregates, by };
}

function parseAggregate(reader: TokenReader): SummarizeStage['aggregates'][number] {
  return { name: givenName(reader), value: parseExpression(reader) };
}

function parseGroup(reader: TokenReader): NamedExpression {
  const { at } = reader.next;
  const given = givenName(reader);
  const value = parseExpression(reader);
  return { name: given ?? nameOf(value), at, value };
}

function givenName(reader: TokenReader): string | undefined {
  const { text } = reader.next;
  const next = reader.peek(1);
  if (!reader.is('name') || next.kind !== 'symbol' || next.text !== '=') return undefined;
  reader.take();
  reader.take();
  return text;
}
