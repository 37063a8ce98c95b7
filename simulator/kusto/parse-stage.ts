import { KustoError } from './kusto-error';
import { nameOf } from './implied-name';
import { parseExpand } from './parse-expand';
import { parseExpression, quotedName } from './parse-expression';
import { parseJoin, parseUnion } from './parse-join';
import { parseParse } from './parse-parse';
import { parseCount, parseOrderKey } from './parse-order';
import { parseSummarize } from './parse-summarize';
import type { NamedExpression, Query, Stage } from './syntax';
import type { Token } from './token';
import type { TokenReader } from './token-reader';

export type ParsePipe = (reader: TokenReader) => Query;

type StageParser = (reader: TokenReader, word: Token, parsePipe: ParsePipe) => Stage;

const parsers: ReadonlyMap<string, StageParser> = new Map<string, StageParser>([
  ['where', (reader, { at }) => ({ kind: 'where', at, predicate: parseExpression(reader) })],
  ['extend', columnsOf('extend')],
  ['project', columnsOf('project')],
  ['project-rename', columnsOf('project-rename')],
  ['project-away', namesOf('project-away')],
  ['project-keep', namesOf('project-keep')],
  ['order', parseOrder],
  ['sort', parseOrder],
  ['take', parseTake],
  ['limit', parseTake],
  ['top', parseTop],
  ['count', (_reader, { at }) => ({ kind: 'count', at })],
  ['distinct', parseDistinct],
  ['summarize', (reader, { at }) => parseSummarize(reader, at)],
  ['mv-expand', (reader, { at }) => parseExpand(reader, at)],
  ['mvexpand', (reader, { at }) => parseExpand(reader, at)],
  ['join', (reader, { at }, parsePipe) => parseJoin(reader, at, parsePipe)],
  ['union', (reader, { at }, parsePipe) => parseUnion(reader, at, parsePipe)],
  ['parse', (reader, { at }) => parseParse(reader, at)],
]);

export const stageNames: ReadonlySet<string> = new Set(parsers.keys());

/** @throws KustoError that names the operator when it is not one of ours. */
export function parseStage(reader: TokenReader, parsePipe: ParsePipe): Stage {
  const word = reader.expect('name');
  const parser = parsers.get(word.text);
  if (parser !== undefined) return parser(reader, word, parsePipe);
  throw new KustoError(
    'InvalidQueryLanguage',
    word.at,
    `The operator '${word.text}' is not available. Use ${[...stageNames].join(', ')}.`,
  );
}

function columnsOf(kind: 'extend' | 'project' | 'project-rename'): StageParser {
  return (reader, { at }) => ({ kind, at, columns: reader.list(() => parseColumn(reader)) });
}

/** `name = expression`, or an expression that has a name by itself. */
export function parseColumn(reader: TokenReader): NamedExpression {
  const { at, text } = reader.next;
  if (reader.is('name') && reader.peek(1).kind === 'symbol' && reader.peek(1).text === '=') {
    reader.take();
    reader.take();
    return { name: text, at, value: parseExpression(reader) };
  }
  if (reader.peek(3).text === '=' && reader.peek(3).kind === 'symbol') {
    const name = quotedName(reader);
    if (name !== undefined) {
      reader.expect('symbol', '=');
      return { name, at, value: parseExpression(reader) };
    }
  }
  const value = parseExpression(reader);
  return { name: nameOf(value), at, value };
}

function namesOf(kind: 'project-away' | 'project-keep'): StageParser {
  return (reader, { at }) => ({ kind, at, names: reader.list(() => parsePattern(reader)) });
}

/** A column name in which `*` stands for any characters. */
function parsePattern(reader: TokenReader): { at: Token['at']; pattern: string } {
  const { at } = reader.next;
  const quoted = quotedName(reader);
  if (quoted !== undefined) return { at, pattern: quoted };
  let pattern = '';
  while (reader.is('name') || reader.is('symbol', '*')) pattern += reader.take().text;
  return pattern === '' ? reader.fail('a column') : { at, pattern };
}

function parseOrder(reader: TokenReader, { at }: Token): Stage {
  reader.expect('name', 'by');
  return { kind: 'order', at, keys: reader.list(() => parseOrderKey(reader)) };
}

function parseTake(reader: TokenReader, { at }: Token): Stage {
  return { kind: 'take', at, count: parseCount(reader) };
}

function parseTop(reader: TokenReader, { at }: Token): Stage {
  const count = parseCount(reader);
  reader.expect('name', 'by');
  return { kind: 'top', at, count, key: parseOrderKey(reader) };
}

function parseDistinct(reader: TokenReader, { at }: Token): Stage {
  if (reader.accept('symbol', '*') !== undefined) return { kind: 'distinct-all', at };
  return { kind: 'distinct', at, columns: reader.list(() => parseColumn(reader)) };
}
