import type { Position } from './kusto-error';
import { nameOf } from './implied-name';
import { parseExpression } from './parse-expression';
import { parseOptions } from './parse-options';
import { parseCount } from './parse-order';
import type { ExpandStage } from './syntax';
import type { TokenReader } from './token-reader';

/** `mv-expand [with_itemindex=i] [name =] expression [to typeof(type)], … [limit n]`. */
export function parseExpand(reader: TokenReader, at: Position): ExpandStage {
  const options = parseOptions(reader, ['with_itemindex', 'kind', 'bagexpansion']);
  const form = options.get('kind') ?? options.get('bagexpansion') ?? 'bag';
  if (form !== 'bag') reader.fail('kind=bag: bags are expanded to bags only');
  const items = reader.list(() => parseItem(reader));
  const limit = reader.accept('name', 'limit') === undefined ? undefined : parseCount(reader);
  return { kind: 'mv-expand', at, items, limit, indexName: options.get('with_itemindex') };
}

function parseItem(reader: TokenReader): ExpandStage['items'][number] {
  const { at, text } = reader.next;
  const named = reader.is('name') && reader.peek(1).text === '=';
  if (named) {
    reader.take();
    reader.take();
  }
  const value = parseExpression(reader);
  return { name: named ? text : nameOf(value), at, value, type: parseTypeOf(reader) };
}

function parseTypeOf(reader: TokenReader): string | undefined {
  if (reader.accept('name', 'to') === undefined) return undefined;
  reader.expect('name', 'typeof');
  reader.expect('symbol', '(');
  const type = reader.expect('name').text;
  reader.expect('symbol', ')');
  return type;
}
