import { KustoError } from './kusto-error';
import type { Position } from './kusto-error';
import { readTextLiteral } from './text-literal';
import type { Token, TokenKind } from './token';

/** Tried in this order at each position; the first that matches wins. */
const patterns: readonly (readonly [TokenKind | 'space', RegExp])[] = [
  ['space', /(?:\s+|\/\/[^\n]*)+/y],
  ['datetime', /datetime\s*\([^)]*\)/y],
  [
    'operator',
    /!?in~|!(?:in|between|contains|startswith|endswith|has(?:prefix|suffix)?)(?:_cs)?(?!\w)/y,
  ],
  ['name', /(?:mv-(?:expand|apply)|project-(?:away|keep|rename|reorder)|make-series)(?!\w)/y],
  ['name', /\$?[A-Za-z_]\w*/y],
  ['timespan', /\d+(?:\.\d+)?(?:ms|[dhms])(?!\w)/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)/y],
  ['operator', /==|!=|=~|!~|<=|>=|<|>/y],
  ['symbol', /\.\.|[|,;.:()[\]{}=+*/%-]/y],
];

/** Splits a query into tokens; the last one is always `end`. @throws KustoError at the first stray character. */
export function tokenize(query: string): readonly Token[] {
  const tokens: Token[] = [];
  const locate = locator(query);
  let offset = 0;
  while (offset < query.length) {
    const { kind, text, end } = nextToken(query, offset, locate);
    if (kind !== 'space') tokens.push({ kind, text, at: locate(offset) });
    offset = end;
  }
  return [...tokens, { kind: 'end', text: '<EOF>', at: locate(offset) }];
}

interface Match {
  readonly kind: TokenKind | 'space';
  readonly text: string;
  readonly end: number;
}

function nextToken(query: string, offset: number, locate: (offset: number) => Position): Match {
  const literal = readTextLiteral(query, offset);
  if (literal !== undefined) return { kind: 'text', ...literal };

  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = offset;
    const text = pattern.exec(query)?.[0];
    if (text !== undefined) return { kind, text, end: offset + text.length };
  }
  const found = /^['"@]/.test(query.slice(offset))
    ? 'a text without end or with an unknown escape'
    : query[offset];
  throw new KustoError('ParserFailure', locate(offset), `The query has ${found ?? ''} here.`);
}

/** Offsets are asked for in ascending order, so that each line is counted once. */
function locator(query: string): (offset: number) => Position {
  let line = 1;
  let lineStart = 0;
  return (offset) => {
    let newline = query.indexOf('\n', lineStart);
    while (newline !== -1 && newline < offset) {
      line += 1;
      lineStart = newline + 1;
      newline = query.indexOf('\n', lineStart);
    }
    return { line, characterPositionInLine: offset - lineStart };
  };
}
