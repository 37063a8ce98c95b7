import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import { parseOptions } from './parse-options';
import { joinFlavors } from './syntax';
import type { JoinStage, Query, UnionStage } from './syntax';
import type { TokenReader } from './token-reader';

type ParsePipe = (reader: TokenReader) => Query;

/** `join [kind=flavor] (query) on name, $left.a == $right.b`. */
export function parseJoin(reader: TokenReader, at: Position, parsePipe: ParsePipe): JoinStage {
  const options = parseOptions(reader, ['kind']);
  const kind = options.get('kind') ?? 'innerunique';
  const flavor = joinFlavors.find((known) => known === kind);
  if (flavor === undefined) {
    throw new KustoError(
      'InvalidQueryLanguage',
      at,
      `Resource Graph has no join of kind ${kind}. Use ${joinFlavors.join(', ')}.`,
    );
  }
  const right = parseOperand(reader, parsePipe);
  reader.expect('name', 'on');
  return { kind: 'join', at, flavor, right, on: reader.list(() => parseKey(reader)) };
}

/** `union [kind=outer] [withsource=name] table, (query), …`. */
export function parseUnion(reader: TokenReader, at: Position, parsePipe: ParsePipe): UnionStage {
  const options = parseOptions(reader, ['kind', 'withsource', 'isfuzzy']);
  if (options.get('isfuzzy') === 'true') {
    reader.fail('a union without isfuzzy, which Resource Graph refuses');
  }
  const others = reader.list(() => parseOperand(reader, parsePipe));
  const inner = options.get('kind') === 'inner';
  return { kind: 'union', at, others, inner, sourceName: options.get('withsource') };
}

function parseOperand(reader: TokenReader, parsePipe: ParsePipe): Query {
  if (reader.accept('symbol', '(') === undefined) {
    const { text: table, at } = reader.expect('name');
    return { table, at, stages: [] };
  }
  const query = reader.nested(() => parsePipe(reader));
  reader.expect('symbol', ')');
  return query;
}

function parseKey(reader: TokenReader): JoinStage['on'][number] {
  const first = reader.expect('name');
  if (reader.accept('symbol', '.') === undefined) {
    return { at: first.at, left: first.text, right: first.text };
  }
  const one = { side: first.text, name: reader.expect('name').text };
  reader.expect('operator', '==');
  const side = reader.expect('name').text;
  reader.expect('symbol', '.');
  const other = { side, name: reader.expect('name').text };
  const left = [one, other].find((key) => key.side === '$left')?.name;
  const right = [one, other].find((key) => key.side === '$right')?.name;
  if (left === undefined || right === undefined) return reader.fail('$left and $right before this');
  return { at: first.at, left, right };
}
